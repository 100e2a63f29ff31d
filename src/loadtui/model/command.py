"""What an operator may ask. Imperative, frozen, and the only way into a session."""

from __future__ import annotations

import msgspec

from loadtui.model.toxic import Attribute, Toxic


class Command(msgspec.Struct, frozen=True, tag=True):
    """Base of every command."""


# -- load ------------------------------------------------------------------------------------


class Step(Command, frozen=True, tag=True):
    """Move the target by `steps` of the session's step size (negative: down)."""

    steps: int


class SetTarget(Command, frozen=True, tag=True):
    """Run this many VUs, or start this many iterations a second: whichever a hand drives."""

    target: int


class Zero(Command, frozen=True, tag=True):
    """Gracefully to zero; again within the graceful time: cut what is in flight."""


class Spike(Command, frozen=True, tag=True):
    """Multiply the target for some seconds, then return by itself; again while it lasts: end it
    now.

    None takes the session's own settings (×3, 10 s, from 0 to 30).
    """

    factor: float | None = None
    seconds: float | None = None


class StartPlan(Command, frozen=True, tag=True):
    """Begin the scenario's plan."""


class HandBack(Command, frozen=True, tag=True):
    """Let the plan drive again, where it is by now; begin it where it has not begun."""


class SwitchMode(Command, frozen=True, tag=True):
    """Drive an arrival rate instead of VUs, or VUs instead of a rate; what runs goes on."""


class TogglePause(Command, frozen=True, tag=True):
    """Pause or resume the load."""


class StopLoad(Command, frozen=True, tag=True):
    """Target to zero and cut at once."""


class Confirm(Command, frozen=True, tag=True):
    """Yes to the question the snapshot shows (`Snapshot.question`)."""


class Decline(Command, frozen=True, tag=True):
    """No to it."""


# -- faults ----------------------------------------------------------------------------------


class Toggle(Command, frozen=True, tag=True):
    """Inject or lift the fault in one slot; `fault` is the toxic's name, or "down"."""

    proxy: str
    fault: str


class Inject(Command, frozen=True, tag=True):
    """Inject a toxic that has no slot yet, or replace the slot of that name. `ttl`: seconds, None
    = default.
    """

    proxy: str
    toxic: Toxic
    ttl: float | None = None


class Skip(Command, frozen=True, tag=True):
    """Let the fault that the plan has for that slot not come; again: let it come after all."""

    proxy: str
    fault: str


class Adjust(Command, frozen=True, tag=True):
    """Change toxicity and attributes: live when the fault is on, for the next time when it is
    off.
    """

    proxy: str
    fault: str
    toxicity: float
    attributes: dict[str, Attribute]
    ttl: float | None = None


class Strengthen(Command, frozen=True, tag=True):
    """Move the first attribute of a slot by twentieths of its slider (negative: weaker)."""

    proxy: str
    fault: str
    steps: int


class CreateProxy(Command, frozen=True, tag=True):
    """Create a proxy (`host:port` each); it is removed when the session ends."""

    name: str
    listen: str
    upstream: str


class DeleteProxy(Command, frozen=True, tag=True):
    """Delete a proxy; one that we did not create comes back when the session ends."""

    name: str


class LiftAll(Command, frozen=True, tag=True):
    """Lift every fault of this session, leave the load."""


class RestartServer(Command, frozen=True, tag=True):
    """Restart a Toxiproxy that we started and replay proxies and toxics onto it."""


class LiftLeftovers(Command, frozen=True, tag=True):
    """Lift what an earlier session left behind."""


class KeepLeftovers(Command, frozen=True, tag=True):
    """Leave it; do not offer it again in this session."""


# -- session ---------------------------------------------------------------------------------


class Panic(Command, frozen=True, tag=True):
    """Lift every fault, stop the load, and latch until re-armed. `source` says from where."""

    source: str = "key"


class Rearm(Command, frozen=True, tag=True):
    """Release the latch of a panic."""


class AddNote(Command, frozen=True, tag=True):
    """A line of the operator's own in timeline and charts."""

    text: str


class AddBookmark(Command, frozen=True, tag=True):
    """Mark this moment, without words; they can be written later."""


class EditNote(Command, frozen=True, tag=True):
    """Give a note, a bookmark or a baseline other words; `number`: its marker's."""

    number: int
    text: str


class RemoveNote(Command, frozen=True, tag=True):
    """Take a note, a bookmark or a baseline off timeline and charts; other numbers stay."""

    number: int


class MarkBaseline(Command, frozen=True, tag=True):
    """The last 30 s are "before" for every fault from now on, until marked again."""


class Paste(Command, frozen=True, tag=True):
    """Offer the requests of curl commands in place of the scenario's, as a question. It holds
    secrets that nobody knows yet, so no journal takes it.
    """

    text: str


class ToggleTour(Command, frozen=True, tag=True):
    """Start or end the demo's guided tour."""


class Watch(Command, frozen=True, tag=True):
    """Let the history tell of the requests of one name, "" for all; `heat`: how many took how long.

    It changes nothing but what is shown, so no journal holds it.
    """

    name: str = ""
    heat: bool = False


class Quit(Command, frozen=True, tag=True):
    """End the session: stop load, lift faults, verify. `code` is the exit code where nothing
    outranks it.
    """

    code: int = 0
    hurry: bool = False


class Alive(Command, frozen=True, tag=True):
    """Somebody is at the keys: what the dead man's switch waits for. No journal holds it."""


AnyCommand = (
    Alive
    | Step
    | SetTarget
    | Zero
    | Spike
    | StartPlan
    | HandBack
    | SwitchMode
    | TogglePause
    | StopLoad
    | Confirm
    | Decline
    | Toggle
    | Inject
    | Skip
    | Adjust
    | Strengthen
    | CreateProxy
    | DeleteProxy
    | LiftAll
    | RestartServer
    | LiftLeftovers
    | KeepLeftovers
    | Panic
    | Rearm
    | AddNote
    | AddBookmark
    | EditNote
    | RemoveNote
    | MarkBaseline
    | Paste
    | ToggleTour
    | Watch
    | Quit
)
"""The closed set, for decoding and for exhaustive matches."""


class Cue(msgspec.Struct, frozen=True):
    """One moment of a script: at `at` seconds after its start, show `caption` and give
    `commands`.
    """

    at: float
    caption: str
    commands: tuple[AnyCommand, ...] = ()
