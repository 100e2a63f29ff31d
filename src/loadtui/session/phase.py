"""What state a session is in, in a word (pure)."""

from __future__ import annotations

import msgspec

from loadtui.model.snapshot import Phase
from loadtui.session.load_state import LoadState


class Life(msgspec.Struct):
    """How far a session has come: the parts that are still starting, the end that has begun."""

    starting: bool = True
    ending: bool = False
    ended: bool = False


def refusal(now: Phase) -> str:
    """Why requests cannot be replaced in that state, "" where they can."""
    match now:
        case "idle":
            return ""
        case "panic":
            return "panic is latched; r re-arms, then paste again"
        case "starting":
            return "the session is still starting; paste again in a moment"
        case "ending" | "ended":
            return "the session ends"
        case _:
            return "load runs; take it to zero with 0 or x, then paste again"


def phase(life: Life, load: LoadState, vus: int) -> Phase:
    """The word; `vus`: those that run or drain."""
    if life.ended:
        return "ended"
    if life.ending:
        return "ending"
    if load.panic:
        return "panic"
    if life.starting:
        return "starting"
    if load.setup == "running":
        return "setup"
    if load.paused:
        return "paused"
    return "running" if vus or load.is_wanted else "idle"
