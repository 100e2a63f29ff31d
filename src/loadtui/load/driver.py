"""What drives the VUs of one entry in one worker: the plan's executor, or a hand.

A driver is asked at moments, in seconds since its beginning, and says when it wants to be asked
again. It is given what it drives as a `Team`, and knows no clock and no loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from loadtui.load.arrivals import PROMPT, Arrivals, Flow, first_own
from loadtui.load.plan import Share, dealt
from loadtui.load.plan_vus import VuPlan
from loadtui.load.turns import Turns
from loadtui.load.vus import Vus
from loadtui.model.executor import (
    ByRate,
    ConstantVus,
    Entry,
    Manual,
    PerVuIterations,
    RampingVus,
    SharedIterations,
)
from loadtui.model.plan import end_of, most_vus

LATE = 0.0005
"""Seconds after its moment from which on a start is late."""

AT_ONCE = 4
"""New connections for starts that are late, before the loop has another look at the old ones."""

SOON = 0.001
"""Seconds until VUs that begin are looked at again."""


class Team:
    """The VUs of one entry, their turns, and this worker's share of everything.

    `dropped(count)` counts iterations that were due and not begun; `say` tells the operator
    something once. `origin`: the moment of the worker's clock from which a driver's seconds count.
    """

    __slots__ = ("dropped", "name", "origin", "say", "share", "turns", "vus")

    def __init__(
        self,
        name: str,
        vus: Vus,
        turns: Turns,
        *,
        dropped: Callable[[int], None],
        say: Callable[[str], None],
    ) -> None:
        """This worker is alone until told its share."""
        self.name, self.vus, self.turns = name, vus, turns
        self.dropped, self.say = dropped, say
        self.share = Share()
        self.origin = 0.0


class Driver(Protocol):
    """Begins, goes on at moments, and ends."""

    @property
    def end(self) -> float | None:
        """Seconds after which nothing begins any more, None for never."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to begin before the end."""

    def prepare(self) -> None:
        """Make ready what must not be waited for when the beginning comes."""

    def begin(self, elapsed: float) -> None:
        """Take over, at any moment."""

    def go_on(self, elapsed: float) -> float | None:
        """Do what is due, and return the moment to be asked again, None for never."""

    def finish(self) -> None:
        """The end has come: count what will not be begun."""


class VuDriver:
    """VUs along a plan, or as many as a hand wants."""

    def __init__(self, team: Team, executor: ConstantVus | RampingVus | Manual) -> None:
        """Not yet."""
        self._team, self._plan = team, VuPlan(executor)
        self.end = self._plan.end
        self.is_done = False

    def prepare(self) -> None:
        """VUs begin when they are wanted."""

    def begin(self, elapsed: float) -> None:  # noqa: ARG002 - only what goes on matters
        """Everybody iterates without a break."""
        self._team.turns.free()

    def go_on(self, elapsed: float) -> float | None:
        """Run the VUs of this moment."""
        self._team.vus.retarget(self._team.share.of(self._plan.vus_at(elapsed)))
        return self._plan.next_change(elapsed)

    def finish(self) -> None:
        """Nothing was owed."""


class CountDriver:
    """A number of iterations; each worker has its share of those that VUs share."""

    def __init__(self, team: Team, executor: SharedIterations | PerVuIterations) -> None:
        """Not yet."""
        self._team, self._executor = team, executor
        self.end = end_of(executor)
        self._is_first, self._owed = True, 0

    def prepare(self) -> None:
        """VUs begin when they are wanted."""

    @property
    def is_done(self) -> bool:
        """Whether every iteration has begun, and ended."""
        vus = self._team.vus
        return not self._is_first and not vus.active and not vus.draining and not vus.is_starting

    def begin(self, elapsed: float) -> None:  # noqa: ARG002 - only the count matters
        """Deal out what is left; after a hand's turn, what VUs had for themselves is shared."""
        turns, share, vus = self._team.turns, self._team.share, self._executor.vus
        if not self._is_first:
            self._owed -= turns.taken
            turns.limit(left=self._owed)
        else:
            self._owed = dealt(self._executor, share)
            if isinstance(self._executor, PerVuIterations):
                turns.limit(each=self._executor.iterations)
            else:
                turns.limit(left=self._owed)
        self._is_first = False
        self._team.vus.retarget(min(share.of(vus), self._owed))

    def go_on(self, elapsed: float) -> float | None:  # noqa: ARG002
        """VUs go on by themselves."""
        return None

    def finish(self) -> None:
        """What was not begun is dropped."""
        if (missing := self._owed - self._team.turns.taken) > 0:
            self._team.dropped(missing)


class RateDriver:
    """Iterations when they are due, for whichever VU is free; drops those that find none.

    `least`, `most`: VUs at the beginning, and at most, of all workers together.
    """

    is_done = False

    def __init__(
        self,
        team: Team,
        arrivals: Arrivals | Flow,
        *,
        least: int,
        most: int,
        end: float | None = None,
    ) -> None:
        """Not yet. The moments of a `Flow` count from the driver's beginning."""
        self._team, self._arrivals, self._least, self._most = team, arrivals, least, most
        self.end = end
        self._next = 0
        self._size = 0
        self._is_first = True
        self._is_prepared = self._is_ready = False

    def prepare(self) -> None:
        """Have the VUs wait for starts."""
        self._team.turns.pace()
        self._size = max(1, self._team.share.of(self._least))
        self._team.vus.retarget(self._size)
        self._is_prepared = True

    def begin(self, elapsed: float) -> None:
        """From here on; only at the very beginning what was due a moment ago is made up for."""
        share = self._team.share
        is_prompt = self._is_first and elapsed < PROMPT
        first = self._arrivals.count(0.0 if is_prompt else elapsed)
        if is_prompt and isinstance(self._arrivals, Arrivals):
            first = 0
        self._is_first = False
        self._next = first_own(first, share.index, share.workers)
        if not self._is_prepared:
            self.prepare()
            self._is_ready = False
        self._is_prepared = False

    def turn(self, flow: Flow) -> None:
        """Another rate by hand; the fraction of a start that is due is kept."""
        self._arrivals = flow

    def go_on(self, elapsed: float) -> float | None:
        """Hand over everything that is due."""
        if not self._is_ready:
            # VUs that were told to begin a moment ago are not in line for a start yet.
            self._is_ready = not self._team.vus.is_starting
            return elapsed + SOON
        due, turns = self._arrivals.due, self._team.turns
        step, origin = self._team.share.workers, self._team.origin
        lost = fresh = 0
        while (moment := due(self._next)) is not None and moment <= elapsed:
            if elapsed - moment <= LATE:
                lost += not turns.hand_over(origin + moment)
            elif not turns.hand_to_seasoned(origin + moment):
                # A new connection costs more time than a start, and would make the next ones later:
                # a few at once, then those who have run may come back first.
                if fresh == AT_ONCE:
                    moment = elapsed
                    break
                began = turns.hand_to_fresh(origin + moment)
                fresh += began
                lost += not began
            self._next += step
        if lost:
            self._team.dropped(lost)
            self._grow()
        return moment

    def finish(self) -> None:
        """What was due had its turn."""

    def _grow(self) -> None:
        """One VU more, once the last one that was added is there (k6)."""
        vus = self._team.vus
        if vus.is_starting:
            return
        if self._size >= max(1, self._team.share.of(self._most)):
            words = f"{self._team.name}: all {self._most} VUs are busy; iterations are dropped"
            self._team.say(f"{words} (raise maxVUs, or lower the rate)")
            return
        self._size += 1
        vus.retarget(self._size)


def driver_of(team: Team, entry: Entry) -> Driver:
    """What the plan says drives the entry."""
    executor = entry.executor
    match executor:
        case ConstantVus() | RampingVus() | Manual():
            return VuDriver(team, executor)
        case SharedIterations() | PerVuIterations():
            return CountDriver(team, executor)
        case _:
            return rate_driver(team, executor)


def rate_driver(team: Team, executor: ByRate) -> RateDriver:
    """Drive by an executor's arrivals."""
    least, most = executor.pre_allocated_vus, most_vus(executor)
    return RateDriver(team, Arrivals(executor), least=least, most=most, end=end_of(executor))
