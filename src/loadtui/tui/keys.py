"""Every key, once: footer, help, the README's table and the user's keymap are made from this.

`python -m loadtui.tui.keys` prints the table for the README.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Group = Literal["Load", "Faults", "Look", "Session", "Replay"]

_SIGNS = {
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "underscore": "_",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "colon": ":",
    "comma": ",",
    "full_stop": ".",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "question_mark": "?",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "escape": "esc",
    "shift+tab": "⇧tab",
}


class Key(msgspec.Struct, frozen=True):
    """One thing that keys do.

    `keys`: Textual's names, parted by commas; the first is shown. `words`: for footer and help;
    neighbours with the same words are shown as one. `rank`: 1 stays longest in a short footer, 0
    never gets into it. `tip`: the whole truth in a sentence. `priority`: works above dialogs.
    """

    id: str
    keys: str
    action: str
    words: str
    group: Group
    rank: int
    tip: str
    priority: bool = False


# A table is read down its columns.
# fmt: off
KEYS: tuple[Key, ...] = (
    Key("up", "plus,equals_sign", "step(1)", "up, down", "Load", 1,
        "One step more virtual users, or starts per second."),
    Key("down", "minus,underscore", "step(-1)", "up, down", "Load", 1,
        "One step fewer; lowering never asks."),
    Key("up-ten", "right_square_bracket", "step(10)", "ten steps up, down", "Load", 0,
        "Ten steps more."),
    Key("down-ten", "left_square_bracket", "step(-10)", "ten steps up, down", "Load", 0,
        "Ten steps fewer."),
    Key("target", "colon", "type_target", "type a target", "Load", 0,
        "Type how many virtual users to run, or iterations to start per second."),
    Key("spike", "s", "spike", "spike", "Load", 2,
        "Multiply the target for some seconds, then return by itself; again: end it now."),
    Key("mode", "m", "switch_mode", "VUs or rate", "Load", 0,
        "Drive an arrival rate instead of virtual users, and back; what runs goes on."),
    Key("hand-back", "h", "hand_back", "hand back", "Load", 0,
        "Let the scenario's plan drive: begin it, or hand back to it what a hand took over."),
    Key("pause", "p", "pause", "pause", "Load", 4,
        "Pause or resume the load."),
    Key("zero", "0", "zero", "down to zero", "Load", 0,
        "Gracefully to zero; again within the graceful time: cut what is in flight."),
    Key("toggle", "space", "switch", "fault on/off", "Faults", 1,
        "Inject or lift the chosen fault."),
    Key("skip", "k", "skip", "skip a timed fault", "Faults", 0,
        "Let the fault that the plan has there not come; again: let it come after all."),
    Key("weaker", "left", "strengthen(-1)", "weaker, stronger", "Faults", 3,
        "Weaken the chosen fault; in a chart: move the cursor back in time."),
    Key("stronger", "right", "strengthen(1)", "weaker, stronger", "Faults", 3,
        "Strengthen the chosen fault; in a chart: move the cursor towards now."),
    Key("previous", "up", "move(-1)", "choose", "Faults", 0,
        "Choose the fault, marker or endpoint above; in another pane: scroll."),
    Key("next", "down", "move(1)", "choose", "Faults", 0,
        "Choose the fault, marker or endpoint below; in another pane: scroll."),
    Key("edit", "enter", "edit", "edit", "Faults", 5,
        "Change the chosen fault, live while it is on, or note; in the table: only that endpoint."),
    Key("add", "a", "add", "add a fault", "Faults", 4,
        "Inject a fault of any type into any proxy."),
    Key("panic", "x", "panic_typed", "PANIC", "Faults", 1,
        "Lift every fault, stop the load, latch until re-armed.", priority=True),
    Key("panic-anywhere", "f9", "panic", "PANIC while typing, too", "Faults", 0,
        "The same, everywhere.", priority=True),
    Key("rearm", "r", "rearm", "re-arm after a panic", "Faults", 0,
        "Release the latch of a panic."),
    Key("restart", "R", "restart", "restart Toxiproxy", "Faults", 0,
        "Restart a stuck Toxiproxy that loadtui started, and replay what was on it."),
    Key("chart", "c", "next_chart", "chart", "Look", 6,
        "Show the next chart, where there is room for one only."),
    Key("pane", "v", "next_pane", "pane", "Look", 6,
        "Show the next pane: chaos, timeline, before/during/after, endpoints."),
    Key("log", "l", "toggle_log", "log or linear", "Look", 0,
        "Draw latency on a log or a linear scale."),
    Key("heat", "L", "toggle_heat", "lines or heat-map", "Look", 0,
        "Draw latency as lines or as a heat-map of how many requests took how long."),
    Key("zoom-in", "i", "zoom(-1)", "zoom in, out", "Look", 0,
        "Show less time in the charts: 10 min, 2 min, 30 s."),
    Key("zoom-out", "o", "zoom(1)", "zoom in, out", "Look", 0,
        "Show more time in the charts: 2 min, 10 min, the whole session."),
    Key("explore", "g", "explore", "large chart", "Look", 0,
        "Any number of the whole session against time or any other; written as text and SVG."),
    Key("only", "f", "only", "one endpoint", "Look", 0,
        "Show only the endpoint chosen in the table, in every pane; again: all of them."),
    Key("freeze", "z", "freeze", "freeze the display", "Look", 0,
        "Hold numbers and charts still; load and faults go on."),
    Key("present", "P", "app.present", "presenter mode", "Look", 0,
        "Big figures and captions for an audience; addresses, paths and secrets hidden."),
    Key("theme", "T", "app.choose_theme", "theme", "Look", 0,
        "Choose the colours; each is worn while you look at it."),
    Key("focus-next", "tab", "app.focus_next", "next pane, previous", "Look", 0,
        "Focus the next pane."),
    Key("focus-previous", "shift+tab", "app.focus_previous", "next pane, previous", "Look", 0,
        "Focus the pane before."),
    Key("note", "n", "note", "note", "Session", 5,
        "Write a line into the timeline."),
    Key("baseline", "b", "baseline", "mark a baseline", "Session", 0,
        "The last 30 s are “before” for every fault from now on."),
    Key("bookmark", "B", "bookmark", "bookmark", "Session", 0,
        "Mark this moment; words can be given to it in the timeline later."),
    Key("tour", "d", "tour", "guided tour", "Session", 3,
        "Start or end the demo's guided tour."),
    Key("yes", "y", "answer(True)", "yes, no", "Session", 0,
        "Yes to the question on the screen."),
    Key("no", "escape", "answer(False)", "yes, no", "Session", 0,
        "No to the question; back from a dialog, a text field, a chart's cursor or one endpoint."),
    Key("palette", "ctrl+p", "app.command_palette", "palette", "Session", 6,
        "Find any command, theme or proxy by name."),
    Key("help", "question_mark,f1", "help", "help", "Session", 2,
        "Show every key."),
    Key("quit", "q", "leave", "quit", "Session", 3,
        "Leave; asks only while load runs or faults are on."),
    Key("interrupt", "ctrl+c", "interrupt", "stop; twice: leave", "Session", 0,
        "Stop the load and lift every fault; twice in two seconds: leave.", priority=True),
    Key("suspend", "ctrl+z", "suspend", "to the shell", "Session", 0,
        "Pause the load, lift every fault, then suspend loadtui.", priority=True),
)
# fmt: on

# A replay has these keys; whatever they mean to a live session, they do not mean there.
# fmt: off
REPLAY_KEYS: tuple[Key, ...] = (
    Key("replay-pause", "space", "replay_pause", "pause, play", "Replay", 1,
        "Hold still, or play on; at the end: play again from the beginning."),
    Key("replay-back", "left", "replay_seek(-10)", "10 s back, on", "Replay", 1,
        "Ten seconds back; in a chart: move the cursor back in time."),
    Key("replay-on", "right", "replay_seek(10)", "10 s back, on", "Replay", 1,
        "Ten seconds on; in a chart: move the cursor on."),
    Key("replay-marker-before", "comma", "replay_marker(-1)", "marker before, next", "Replay", 2,
        "To the marker before, and hold still."),
    Key("replay-marker", "full_stop", "replay_marker(1)", "marker before, next", "Replay", 2,
        "To the next marker, and hold still."),
    Key("replay-slower", "less_than_sign", "replay_speed(-1)", "slower, faster", "Replay", 3,
        "Play slower."),
    Key("replay-faster", "greater_than_sign", "replay_speed(1)", "slower, faster", "Replay", 3,
        "Play faster, up to 64 times."),
    Key("replay-to", "colon", "replay_to", "go to", "Replay", 4,
        "Type a moment, such as 02:10."),
    Key("replay-begin", "home", "replay_seek(-1e9)", "beginning, end", "Replay", 0,
        "To the beginning."),
    Key("replay-end", "end", "replay_seek(1e9)", "beginning, end", "Replay", 0,
        "To the end, where the last numbers are."),
)
# fmt: on
_STAYING = frozenset({"no", "palette", "help", "quit", "suspend"})
IN_REPLAY = (
    *REPLAY_KEYS,
    *(key for key in KEYS if key.group == "Look" or key.id in _STAYING),
)
"""All that does something in a replay."""

ALL_KEYS = (*KEYS, *REPLAY_KEYS)
"""Every key with an id."""

ACTIONS: Mapping[str, str] = {key.id: key.action for key in ALL_KEYS}
"""What each key does, by its id, as Textual's actions."""

Keymap = Mapping[str, str]
"""A user's keys by id, in the form of `Key.keys`."""


def sign(name: str) -> str:
    """How a key is written on the screen."""
    if name in _SIGNS:
        return _SIGNS[name]
    if name.startswith("ctrl+"):
        return f"^{name.removeprefix('ctrl+')}"
    return name.upper() if name[:1] == "f" and name[1:].isdigit() else name


class Shown(msgspec.Struct, frozen=True):
    """One entry of footer or help: signs, words, and the keys that it stands for."""

    signs: str
    words: str
    keys: tuple[Key, ...]

    @property
    def rank(self) -> int:
        """The rank of its keys."""
        return self.keys[0].rank


def shown(
    keymap: Keymap | None = None, *, every: bool = False, table: tuple[Key, ...] = KEYS
) -> tuple[Shown, ...]:
    """The table in order, neighbours with the same words joined; `every`: with second keys."""
    out: list[Shown] = []
    for key in table:
        names = names_of(key, keymap or {})
        signs = " ".join(map(sign, names if every else names[:1]))
        if out and out[-1].words == key.words:
            last = out[-1]
            out[-1] = Shown(f"{last.signs} {signs}", last.words, (*last.keys, key))
        else:
            out.append(Shown(signs, key.words, (key,)))
    return tuple(out)


def found(table: tuple[Key, ...], words: str, keymap: Keymap) -> tuple[Key, ...]:
    """The keys that some words are about: each of them in id, words, tip or signs."""
    wanted = words.casefold().split()
    return tuple(key for key in table if all(each in _about(key, keymap) for each in wanted))


def _about(key: Key, keymap: Keymap) -> str:
    signs = " ".join(map(sign, names_of(key, keymap)))
    return f"{key.id} {key.words} {key.tip} {key.group} {signs}".casefold()


def names_of(key: Key, keymap: Keymap) -> list[str]:
    """Textual's names of the keys that do it."""
    return keymap.get(key.id, key.keys).split(",")


def sign_of(name: str, keymap: Keymap) -> str:
    """How the first key of that id is written on the screen."""
    key = next(key for key in ALL_KEYS if key.id == name)
    return sign(names_of(key, keymap)[0])


def markdown() -> str:
    """The tables as the README shows them."""
    return f"{_table(KEYS)}\nIn a replay:\n\n{_table(REPLAY_KEYS)}"


def _table(keys: tuple[Key, ...]) -> str:
    lines = ["| keys | what they do |", "|---|---|"]
    for key in keys:
        names = " ".join(f"`{sign(name)}`" for name in key.keys.split(","))
        lines.append(f"| {names} | {key.tip} |")
    return "\n".join(lines) + "\n"


def ids() -> str:
    """Ids and keys as the page about keymaps shows them."""
    lines = ["| id | keys | |", "|---|---|---|"]
    for key in ALL_KEYS:
        names = " ".join(f"`{sign(name)}`" for name in key.keys.split(","))
        lines.append(f"| `{key.id}` | {names} | {key.words} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(markdown(), end="")  # noqa: T201 - that is what it was called for
