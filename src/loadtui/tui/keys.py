"""Every key, once: footer, help, the README's table and the user's keymap are made from this.

`python -m loadtui.tui.keys` prints the table for the README.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Group = Literal["Load", "Faults", "Look", "Session"]
GROUPS: tuple[Group, ...] = ("Load", "Faults", "Look", "Session")

_SIGNS = {
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "underscore": "_",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "colon": ":",
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
        "Choose the fault above; in another pane: scroll."),
    Key("next", "down", "move(1)", "choose", "Faults", 0,
        "Choose the fault below; in another pane: scroll."),
    Key("edit", "enter", "edit", "edit", "Faults", 5,
        "Change the chosen fault's values, live while it is on."),
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
    Key("freeze", "z", "freeze", "freeze the display", "Look", 0,
        "Hold numbers and charts still; load and faults go on."),
    Key("focus-next", "tab", "app.focus_next", "next pane, previous", "Look", 0,
        "Focus the next pane."),
    Key("focus-previous", "shift+tab", "app.focus_previous", "next pane, previous", "Look", 0,
        "Focus the pane before."),
    Key("note", "n", "note", "note", "Session", 5,
        "Write a line into the timeline."),
    Key("baseline", "b", "baseline", "mark a baseline", "Session", 0,
        "The last 30 s are “before” for every fault from now on."),
    Key("tour", "d", "tour", "guided tour", "Session", 3,
        "Start or end the demo's guided tour."),
    Key("yes", "y", "answer(True)", "yes, no", "Session", 0,
        "Yes to the question on the screen."),
    Key("no", "escape", "answer(False)", "yes, no", "Session", 0,
        "No to the question; back from a dialog, a text field or a chart's cursor."),
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


def shown(keymap: Keymap | None = None, *, every: bool = False) -> tuple[Shown, ...]:
    """The table in order, neighbours with the same words joined; `every`: with second keys."""
    out: list[Shown] = []
    for key in KEYS:
        names = (keymap or {}).get(key.id, key.keys).split(",")
        signs = " ".join(map(sign, names if every else names[:1]))
        if out and out[-1].words == key.words:
            last = out[-1]
            out[-1] = Shown(f"{last.signs} {signs}", last.words, (*last.keys, key))
        else:
            out.append(Shown(signs, key.words, (key,)))
    return tuple(out)


def unknown(keymap: Keymap) -> tuple[str, ...]:
    """Ids of a keymap that no key has."""
    known = {key.id for key in KEYS}
    return tuple(name for name in keymap if name not in known)


def markdown() -> str:
    """The table as the README shows it."""
    lines = ["| keys | what they do |", "|---|---|"]
    for key in KEYS:
        names = " ".join(f"`{sign(name)}`" for name in key.keys.split(","))
        lines.append(f"| {names} | {key.tip} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(markdown(), end="")  # noqa: T201 - that is what it was called for
