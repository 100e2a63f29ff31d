"""One entry of the plan in one worker: follows the plan by the clock, or obeys a hand."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from loadtui.load.alarm import new_alarm
from loadtui.load.arrivals import Flow
from loadtui.load.driver import Driver, RateDriver, Team, driver_of
from loadtui.load.plan import HAND_VUS, Share
from loadtui.model.executor import Entry, RampingVus


class Runner:
    """Drives the VUs of an entry. `most`: VUs that a rate by hand may use, of all workers."""

    def __init__(
        self, entry: Entry, team: Team, clock: Callable[[], float], *, most: int, graceful: float
    ) -> None:
        """Nothing runs; must be made inside the loop."""
        self.entry, self.team = entry, team
        self._clock, self._most, self._graceful = clock, most, graceful
        self._alarm = new_alarm(clock, self._go_on)
        self._plan = driver_of(team, entry)
        self._driver: Driver | None = None
        self._held_since: float | None = None
        self._ended_at: float | None = None
        self._is_begun = self._is_out = False

    # -- facts -------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """Whether the plan is followed to its end, and nobody is left."""
        if self._driver is None or self._driver is not self._plan:
            return False
        vus = self.team.vus
        is_gone = not vus.allocated and not vus.draining and not vus.is_starting
        return is_gone and (self._ended_at is not None or self._plan.is_done)

    # -- orders ------------------------------------------------------------------------------

    def follow(self, at: float) -> None:
        """Follow the plan that began at that moment."""
        self._take(self._plan, at + self.entry.start_time)

    def hand_vus(self, target: int) -> None:
        """Run so many VUs, whatever the plan says."""
        self._driver = self._ended_at = None
        self._alarm.off()
        self.team.turns.free()
        self.team.vus.retarget(0 if self._is_out else target)

    def hand_rate(self, flow: Flow) -> None:
        """Start iterations so often, whatever the plan says."""
        at, driver = flow.at, self._driver
        flow = Flow(0.0, flow.rate, flow.area)
        if isinstance(driver, RateDriver) and driver is not self._plan:
            self.team.origin = at
            if self._held_since is not None:
                self._held_since = self._clock()
            driver.turn(flow)
            self._go_on()
        else:
            least = min(self._most, max(HAND_VUS, self.team.vus.allocated))
            self._take(RateDriver(self.team, flow, least=least, most=self._most), at)

    def reshare(self, share: Share) -> None:
        """Have another share of everything from now on."""
        self.team.share = share
        if self._driver is not None and self._ended_at is None:
            self._take(self._driver, self.team.origin)

    def hold(self, *, on: bool) -> None:
        """Pause or resume: the plan's clock stands still meanwhile."""
        if on and self._held_since is None:
            self._held_since = self._clock()
            self._alarm.off()
            self.team.vus.hold(on=True)
        elif not on and self._held_since is not None:
            self.team.origin += self._clock() - self._held_since
            self._held_since = None
            self.team.vus.hold(on=False)
            self._go_on()

    def cut_overdue(self) -> None:
        """Hard stop of those whose graceful time is over."""
        now, vus = self._clock(), self.team.vus
        if self._ended_at is not None and now - self._ended_at >= self.entry.graceful_stop:
            vus.cut()
        vus.cut_overdue(self._patience(now))

    def run_out(self) -> None:
        """Begin nothing any more: there is no row left for it. What runs ends gracefully."""
        if not self._is_out:
            self._is_out, self._ended_at = True, self._clock()
            self._alarm.off()
            self.team.vus.retarget(0)

    def close(self) -> None:
        """Do nothing more by itself."""
        self._driver = None
        self._alarm.close()

    # -- within ------------------------------------------------------------------------------

    def _patience(self, now: float) -> float:
        """Seconds for which one may drain that did not begin to with the plan's end."""
        executor = self.entry.executor
        if self._driver is None or self._driver is not self._plan:
            return self._graceful
        patience = self._graceful
        if isinstance(executor, RampingVus):
            patience = executor.graceful_ramp_down
        return patience if self._ended_at is None else max(patience, now - self._ended_at)

    def _take(self, driver: Driver, origin: float) -> None:
        self._driver, self._ended_at = driver, None
        self.team.origin = origin
        if self._held_since is not None:
            self._held_since = self._clock()
        self._is_begun = False
        if self._is_out:
            self._ended_at = self._clock()
            self.team.vus.changed()
        self._go_on()

    def _go_on(self) -> None:
        """Do what is due by now, and set the alarm for what comes next."""
        driver = self._driver
        if driver is None or self._held_since is not None or self._ended_at is not None:
            return
        elapsed = self._clock() - self.team.origin
        if elapsed < 0:
            driver.prepare()
            self._alarm.set(self.team.origin)
            return
        end = inf if driver.end is None else driver.end
        if not self._is_begun:
            self._is_begun = True
            if elapsed < end:
                driver.begin(elapsed)
            if self.is_over:  # nothing of it is this worker's
                self.team.vus.changed()
        following = driver.go_on(min(elapsed, end))
        if elapsed >= end:
            self._end(driver, end)
        elif following is not None or driver.end is not None:
            self._alarm.set(self.team.origin + min(end, inf if following is None else following))

    def _end(self, driver: Driver, end: float) -> None:
        driver.finish()
        self._ended_at = self.team.origin + end
        self.team.vus.retarget(0)
        if not self.entry.graceful_stop:
            self.team.vus.cut()
        self.team.vus.changed()
