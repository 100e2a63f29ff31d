"""Before, during and after each fault, as numbers with their sample counts."""

from __future__ import annotations

import msgspec

from loadtui.measure.recovery import recovery
from loadtui.measure.store import Store
from loadtui.model.marker import Marker
from loadtui.model.snapshot import Comparison, Stats
from loadtui.session.timeline import Timeline

SIDE = 30
"""Seconds of "before" and of "after" where no baseline was marked."""
GIVE_UP = 120
"""Seconds after the lift at which a system that is not back is called not recovered."""


class FaultWindow(msgspec.Struct, frozen=True, kw_only=True):
    """One fault's windows in whole seconds of the session's clock; `start`/`lifted` exact,
    monotonic.

    `before`: [from, to) of the baseline. `measured`: the last comparison, kept once it is final.
    """

    marker: int
    what: str
    start: float
    before: tuple[int, int]
    baseline: Stats
    baseline_marked: bool
    lifted: float | None = None
    cut_short: bool = False
    final: bool = False
    measured: Comparison


def opened(
    marker: int, what: str, start: float, store: Store, baseline: tuple[int, int] | None
) -> FaultWindow:
    """A fault just injected; `baseline`: the marked window, None for the 30 s before it."""
    first = store.first if store.first is not None else int(start)
    before = baseline or (max(first, int(start) - SIDE), int(start))
    stats = store.stats(*before)
    return FaultWindow(
        marker=marker,
        what=what,
        start=start,
        before=before,
        baseline=stats,
        baseline_marked=baseline is not None,
        measured=Comparison(
            marker=marker, what=what, before=stats, baseline_marked=baseline is not None
        ),
    )


def measured(window: FaultWindow, store: Store, complete: int, origin: float) -> FaultWindow:
    """The window with its numbers brought up to date; `complete` as in `Store.complete`."""
    if window.final:
        return window
    end = complete if window.lifted is None else min(complete, int(window.lifted))
    during = store.stats(int(window.start) + 1, max(end, int(window.start) + 1))
    comparison = msgspec.structs.replace(window.measured, during=during)
    if window.lifted is None:
        return msgspec.structs.replace(window, measured=comparison)
    return _after(window, comparison, store, complete, origin)


def _after(
    window: FaultWindow, comparison: Comparison, store: Store, complete: int, origin: float
) -> FaultWindow:
    lifted = window.lifted or 0.0
    first = int(lifted) + 1
    before = store.points_between(*window.before)
    since = store.points_between(first, complete)
    found = comparison.recovery
    if found is None:
        found = recovery(before, since, lifted - origin)
    start = first if found is None else max(first, int(lifted + found))
    over = complete - first >= (SIDE if found is None else max(SIDE, int(found) + SIDE))
    after = store.stats(start, min(complete, start + SIDE)) if complete > start else Stats()
    state = _state(window, found, complete - first)
    final = window.cut_short or (over and state != "measuring")
    comparison = msgspec.structs.replace(comparison, after=after, recovery=found, state=state)
    return msgspec.structs.replace(window, measured=comparison, final=final)


def _state(window: FaultWindow, found: float | None, waited: int) -> str:
    if found is not None:
        return "recovered"
    if window.cut_short:
        return "cut short"
    if not window.baseline.requests:
        return "no baseline"
    return "measuring" if waited < GIVE_UP else "not recovered"


def words(comparison: Comparison) -> tuple[str, str]:
    """The timeline's outcome and the news in brief: only what was measured."""
    values = (comparison.before.p95, comparison.during.p95, comparison.after.p95)
    shown = " → ".join("–" if v is None else f"{v:,.0f}".replace(",", "\u00a0") for v in values)
    outcome = f"p95 {shown} ms"
    match comparison.state:
        case "recovered":
            return outcome, f"back in its baseline band after {comparison.recovery or 0:.0f} s"
        case "measuring":
            return outcome, "measuring recovery…"
        case "on":
            return "", ""
        case other:
            return outcome, other


class Comparisons:
    """Every fault of a session with its windows, in the order they were injected."""

    def __init__(self) -> None:
        """Start with none."""
        self._windows: tuple[FaultWindow, ...] = ()

    @property
    def values(self) -> tuple[Comparison, ...]:
        """The numbers of each, as last brought up to date."""
        return tuple(window.measured for window in self._windows)

    def open(
        self, marker: Marker, start: float, store: Store, baseline: tuple[int, int] | None
    ) -> None:
        """A fault is on since `start` (monotonic seconds)."""
        window = opened(marker.number, marker.what, start, store, baseline)
        self._windows = (*self._windows, window)

    def close(self, marker: int, lifted: float) -> None:
        """A fault is off since `lifted`."""
        self._windows = tuple(
            msgspec.structs.replace(w, lifted=lifted) if w.marker == marker else w
            for w in self._windows
        )

    def cut_short(self) -> None:
        """The load has stopped: what is still being measured will not be."""
        self._windows = tuple(
            w if w.final else msgspec.structs.replace(w, cut_short=True) for w in self._windows
        )

    def measure(self, store: Store, complete: int, origin: float) -> None:
        """Bring every comparison that is not final up to date."""
        self._windows = tuple(measured(w, store, complete, origin) for w in self._windows)

    def onto(self, timeline: Timeline) -> Timeline:
        """The timeline with what each fault's numbers say by now."""
        for each in self.values:
            marker, told = timeline.markers[each.marker - 1], words(each)
            if (marker.outcome, marker.tail) != told:
                timeline = timeline.change(marker.number, outcome=told[0], tail=told[1])
        return timeline
