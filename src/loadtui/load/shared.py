"""What the VUs of one entry have in common."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from loadtui.load.deck import Deck, Row
from loadtui.load.prepared import PreparedRequest
from loadtui.load.prepared_journey import PreparedJourney
from loadtui.load.turns import Turns
from loadtui.measure.recorder import DEFAULT, Recorder


class Shared:
    """What all VUs of one entry have in common.

    `clock`: seconds, the same one that stamps exchanges. `redirects`: how many to follow.
    `is_held`: paused. `say`: tells the operator something once. `turns`: who may begin an
    iteration. `tags`: those of iterations. `journey`: what they do in the requests' place.
    `decks`: what they may take rows of; `run_out`: told when one has none left.
    """

    __slots__ = (
        "clock",
        "decks",
        "dice",
        "is_held",
        "journey",
        "pacing",
        "recorder",
        "redirects",
        "requests",
        "run_out",
        "say",
        "series",
        "tags",
        "turns",
    )

    def __init__(
        self,
        requests: tuple[PreparedRequest, ...],
        redirects: int,
        recorder: Recorder,
        dice: Random,
        clock: Callable[[], float],
        say: Callable[[str], None],
    ) -> None:
        """Keep them; nothing is held."""
        self.requests, self.redirects, self.recorder = requests, redirects, recorder
        self.series = {each: recorder.series(each.name, each.tags) for each in requests}
        self.dice, self.clock, self.say = dice, clock, say
        self.is_held = False
        self.turns = Turns()
        self.journey: PreparedJourney | None = None
        self.tags = DEFAULT
        self.pacing = 0.0
        self.decks: tuple[Deck, ...] = ()
        self.run_out: Callable[[Deck], None] = _ignore

    def deal(self, rows: dict[str, Row]) -> Deck | None:
        """Take what an iteration needs before it begins; return the first deck without a row.

        A journey takes its rows itself; what it is known to want and can only miss is said now.
        """
        if self.journey is not None:
            return self.journey.exhausted
        for deck in self.decks:
            if (row := deck.take()) is None:
                return deck
            rows[deck.name] = row
        return None


def _ignore(_deck: Deck) -> None:
    return
