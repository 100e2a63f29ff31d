"""What the VUs of one entry have in common."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from loadtui.load.prepared import PreparedRequest
from loadtui.load.prepared_journey import PreparedJourney
from loadtui.load.turns import Turns
from loadtui.measure.recorder import DEFAULT, Recorder


class Shared:
    """What all VUs of one entry have in common.

    `clock`: seconds, the same one that stamps exchanges. `redirects`: how many to follow.
    `is_held`: paused. `say`: tells the operator something once. `turns`: who may begin an
    iteration. `tags`: those of iterations. `journey`: what they do in the requests' place.
    """

    __slots__ = (
        "clock",
        "dice",
        "is_held",
        "journey",
        "pacing",
        "recorder",
        "redirects",
        "requests",
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
