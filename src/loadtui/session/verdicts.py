"""Thresholds: what they say now, what they say over the run, and when that changed.

*Now* is the threshold's own window, or the last 10 s; it colours and marks. *Run* is everything
since the start (for `over …`: every complete window, one breach fails); it alone decides the exit
code. A metric without samples is not judged while the run lasts; at its end k6 judges a 0 in its
place, and nothing for a rate.
"""

from __future__ import annotations

from typing import cast

import msgspec

from loadtui.measure.culprit import blamed
from loadtui.measure.judge import (
    Sums,
    has_data,
    of_nothing,
    reads_phases,
    selection,
    unit,
    value,
)
from loadtui.measure.over import Over
from loadtui.measure.results import EXPECTED
from loadtui.measure.store import PHASES, Store
from loadtui.measure.sums import whole, windowed
from loadtui.model.metric import METRICS, OF_WATCH, MetricType
from loadtui.model.scenario import Scenario
from loadtui.model.threshold import Threshold, metric_text
from loadtui.model.units import size
from loadtui.model.verdict import ThresholdStatus, WindowValue
from loadtui.session.timeline import Timeline
from loadtui.session.watching import tags_of

NOW = 10
"""Seconds of the window that says "now"."""
MIN_SAMPLES = 20
"""Fewer samples than this in a window of `over …` judge nothing, save those of a watched process:
they come once a second, and each says all there is to say.
"""
ABORT_EVERY = 2.0
"""Seconds between two looks at abortOnFail, as in k6: a needle of a second may recover."""
STEADY = 3
"""A changed state counts once it was seen this many times in a row: a needle on the line is no
news.
"""


class Standing(msgspec.Struct, frozen=True):
    """One threshold's memory: state last told, a differing state and how often it was seen, what
    its windows said.
    """

    told: bool | None = None
    other: int = 0
    over: Over = Over()


class Change(msgspec.Struct, frozen=True):
    """A threshold's *now* changed: it fails at, or holds again at, `value`."""

    threshold: Threshold
    ok: bool
    value: float
    unit: str = ""

    def onto(self, timeline: Timeline, at: float) -> Timeline:
        """The timeline with this change as a marker in its metric's chart."""
        metric = self.threshold.metric
        chart = "latency" if METRICS.get(metric) == "trend" else "errors"
        if metric in OF_WATCH:
            chart = ""
        words = f"{'holds again' if self.ok else 'fails'} at {_shown(self.value, self.unit)}"
        return timeline.threshold(label(self.threshold), words, ok=self.ok, chart=chart, at=at)


def _shown(value: float, unit: str) -> str:
    match unit:
        case "ms":
            return f"{value:,.0f} ms".replace(",", "\u00a0")
        case "%":
            return f"{value * 100:.1f} %"
        case "B":
            return size(value)
        case _:
            return f"{value:g}"


def phase_seconds(scenario: Scenario) -> int:
    """Seconds of which a store must keep phases, so that every threshold on one can be judged."""
    windows = (int(t.window or NOW) for t in scenario.thresholds if reads_phases(t))
    return max((PHASES, *(window + NOW for window in windows)))


def store_for(scenario: Scenario) -> Store:
    """A store that keeps and sums what the thresholds and the table of a scenario need."""
    return Store(
        phase_seconds(scenario),
        selections={
            *(selection(each) for each in (*scenario.thresholds, EXPECTED)),
            *(tags_of(each.name) for each in scenario.watch),
        },
        phased={selection(each) for each in scenario.thresholds if reads_phases(each)},
        names=[request.name for request in scenario.all_requests],
    )


class Verdicts:
    """All thresholds of a scenario against one store."""

    def __init__(self, scenario: Scenario) -> None:
        """Start with nothing judged."""
        self._scenario = scenario
        self._standing = {label(t): Standing() for t in scenario.thresholds}
        self._noted: int | None = None
        self._looked = 0

    def judge(
        self, store: Store, second: int, *, elapsed: float, last: bool = False
    ) -> tuple[ThresholdStatus, ...]:
        """Every threshold at the current second; `elapsed`: seconds since the load began. `last`:
        nothing comes any more.
        """
        return tuple(
            self._status(threshold, store, second, elapsed, last=last)
            for threshold in self._scenario.thresholds
        )

    def _status(
        self, threshold: Threshold, store: Store, second: int, elapsed: float, *, last: bool
    ) -> ThresholdStatus:
        now, _ = self._windowed(threshold, store, second + 1)
        has_now = now is not None and threshold.aggregate != "count"
        status = ThresholdStatus(
            source=label(threshold),
            now=now if has_now else None,
            now_ok=threshold.holds(now) if has_now and now is not None else None,
            unit=unit(threshold, self._kind(threshold)),
            metric=metric_text(threshold),
            rule=threshold.source,
        )
        if threshold.window is not None:
            return _with_windows(status, self._standing[label(threshold)].over, last=last)
        sums = whole(store, threshold, self._kind(threshold), elapsed, last=last)
        return _with_run(status, threshold, sums, last=last)

    def _kind(self, threshold: Threshold) -> MetricType:
        declared = self._scenario.metrics.get(threshold.metric, "counter")
        return METRICS.get(threshold.metric, cast("MetricType", declared))

    def _windowed(self, threshold: Threshold, store: Store, end: int) -> tuple[float | None, int]:
        """The value over the window that ends before `end`, and of how many samples."""
        start = end - int(threshold.window or NOW)
        sums, samples = windowed(store, threshold, self._kind(threshold), start, end)
        return value(threshold, sums), samples

    def note_windows(self, store: Store, complete: int, ended: int, origin: float) -> None:
        """Judge every `over …` window that ends with a second newly complete.

        `complete`: the first second that is not, `ended`: the one in which the load ended, if it
        has; a window with seconds after that judges nothing. `origin`: the session's second 0.
        """
        if store.first is None:
            return
        begin = 1 + (store.first if self._noted is None else self._noted)
        self._noted = max(complete, begin - 1)
        for end in range(begin, min(complete, ended) + 1):
            for threshold in self._scenario.thresholds:
                if threshold.window is not None:
                    self._note(threshold, store, end, origin)

    def _note(self, threshold: Threshold, store: Store, end: int, origin: float) -> None:
        start, first = end - int(threshold.window or NOW), store.first
        if first is None or start < first:
            return
        measured, samples = self._windowed(threshold, store, end)
        enough = 1 if threshold.metric in OF_WATCH else MIN_SAMPLES
        if measured is None or samples < enough:
            return
        standing = self._standing[label(threshold)]
        window = WindowValue(max(0.0, start - origin), end - origin, measured)
        if standing.over.first is None and not threshold.holds(measured):
            window = blamed(window, store, threshold, start)
        over = standing.over.after(threshold, window)
        self._standing[label(threshold)] = msgspec.structs.replace(standing, over=over)

    def changes(self, statuses: tuple[ThresholdStatus, ...]) -> tuple[Change, ...]:
        """Which thresholds changed state for good since last told; the first pass is no news."""
        out = []
        for threshold, status in zip(self._scenario.thresholds, statuses, strict=True):
            standing = self._standing[label(threshold)]
            if status.now_ok is None or status.now is None or status.now_ok == standing.told:
                seen = msgspec.structs.replace(standing, other=0)
            elif standing.other + 1 < STEADY:
                seen = msgspec.structs.replace(standing, other=standing.other + 1)
            else:
                seen = msgspec.structs.replace(standing, told=status.now_ok, other=0)
                if standing.told is not None or not status.now_ok:
                    out.append(Change(threshold, status.now_ok, status.now, status.unit))
            self._standing[label(threshold)] = seen
        return tuple(out)

    def aborting(self, statuses: tuple[ThresholdStatus, ...], elapsed: float) -> Threshold | None:
        """The first threshold that asks to end the run, looked for every two seconds of it."""
        look = int(elapsed // ABORT_EVERY)
        if look <= self._looked:
            return None
        self._looked = look
        pairs = zip(self._scenario.thresholds, statuses, strict=True)
        return next((each for each, status in pairs if aborts(each, status, elapsed)), None)


def aborts(threshold: Threshold, status: ThresholdStatus, elapsed: float) -> bool:
    """Whether it fails over the run, says abortOnFail, and more than its delay has passed."""
    return threshold.abort_on_fail and elapsed > threshold.delay_abort and status.run_ok is False


def _with_run(
    status: ThresholdStatus, threshold: Threshold, sums: Sums, *, last: bool
) -> ThresholdStatus:
    run = value(threshold, sums)
    if has_data(threshold, sums, run):
        ok = threshold.holds(run) if run is not None else None
        return msgspec.structs.replace(status, run=run, run_ok=ok)
    if not last:
        return msgspec.structs.replace(status, run=run)
    run = of_nothing(sums.kind)
    ok = threshold.holds(run) if run is not None else None
    return msgspec.structs.replace(status, run=run, run_ok=ok, no_data=True)


def _with_windows(status: ThresholdStatus, over: Over, *, last: bool) -> ThresholdStatus:
    return msgspec.structs.replace(
        status,
        run=over.worst.value if over.worst is not None else None,
        run_ok=over.ok,
        no_data=last and not over.judged,
        windows=over.judged,
        broken=over.broken,
        first=over.first,
        worst=over.worst,
    )


def label(threshold: Threshold) -> str:
    """The threshold as the screen names it: its text, with the metric where that is not latency."""
    metric = metric_text(threshold)
    if threshold.metric == "http_req_duration":
        return f"{threshold.source} {metric.removeprefix(threshold.metric)}".rstrip()
    return f"{metric} {threshold.source}"
