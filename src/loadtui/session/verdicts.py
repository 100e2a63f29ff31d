"""Thresholds: what they say now, what they say over the run, and when that changed.

*Now* is the threshold's own window, or the last 10 s; it colours and marks. *Run* is everything
since the start (for `over …`: every complete window, one breach fails); it alone decides the exit
code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec

from loadtui.measure.judge import (
    Sums,
    reads_custom,
    reads_iterations,
    reads_phases,
    selection,
    unit,
    value,
)
from loadtui.measure.store import PHASES, Store
from loadtui.measure.tally import Iterations
from loadtui.model.metric import METRICS, MetricType
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import ThresholdStatus
from loadtui.model.threshold import Threshold
from loadtui.session.timeline import Timeline

NOW = 10
"""Seconds of the window that says "now"."""
MIN_SAMPLES = 20
"""Fewer requests than this in a window of `over …` judge nothing."""
STEADY = 3
"""A changed state counts once it was seen this many times in a row: a needle on the line is no
news.
"""


class Standing(msgspec.Struct, frozen=True):
    """One threshold's memory: state last told, a differing state and how often it was seen, first
    breach.
    """

    told: bool | None = None
    other: int = 0
    breach: tuple[float, float] | None = None
    judged: bool = False


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
        words = f"{'holds again' if self.ok else 'fails'} at {_shown(self.value, self.unit)}"
        return timeline.threshold(label(self.threshold), words, ok=self.ok, chart=chart, at=at)


def _shown(value: float, unit: str) -> str:
    match unit:
        case "ms":
            return f"{value:,.0f} ms".replace(",", "\u00a0")
        case "%":
            return f"{value * 100:.1f} %"
        case _:
            return f"{value:g}"


def names_with(scenario: Scenario, tags: Mapping[str, str]) -> frozenset[str] | None:
    """Names of requests whose tags (own, scenario's, `name`, `method`) include all of `tags`."""
    if not tags:
        return None
    chosen = []
    for request in scenario.all_requests:
        own = {"name": request.name, "method": request.method, **scenario.tags, **request.tags}
        if all(own.get(key) == wanted for key, wanted in tags.items()):
            chosen.append(request.name)
    return frozenset(chosen)


def phase_seconds(scenario: Scenario) -> int:
    """Seconds of which a store must keep phases, so that every threshold on one can be judged."""
    windows = (int(t.window or NOW) for t in scenario.thresholds if reads_phases(t))
    return max((PHASES, *(window + NOW for window in windows)))


def store_for(scenario: Scenario) -> Store:
    """A store that keeps and sums what the thresholds and the table of a scenario need."""
    return Store(
        phase_seconds(scenario),
        selections={selection(threshold) for threshold in scenario.thresholds},
        phased={selection(each) for each in scenario.thresholds if reads_phases(each)},
        names=[request.name for request in scenario.all_requests],
    )


class Verdicts:
    """All thresholds of a scenario against one store."""

    def __init__(self, scenario: Scenario) -> None:
        """Start with nothing judged."""
        self._scenario = scenario
        self._standing = {label(t): Standing() for t in scenario.thresholds}

    def judge(self, store: Store, second: int, *, elapsed: float) -> tuple[ThresholdStatus, ...]:
        """Every threshold at the current second; `elapsed`: seconds since the load began."""
        return tuple(
            self._status(threshold, store, second, elapsed)
            for threshold in self._scenario.thresholds
        )

    def _status(
        self, threshold: Threshold, store: Store, second: int, elapsed: float
    ) -> ThresholdStatus:
        now, _ = self._windowed(threshold, store, second + 1)
        run, run_ok = self._run(threshold, store, elapsed)
        has_now = now is not None and threshold.aggregate != "count"
        return ThresholdStatus(
            source=label(threshold),
            now=now if has_now else None,
            now_ok=threshold.holds(now) if has_now and now is not None else None,
            run=run,
            run_ok=run_ok,
            unit=unit(threshold, self._kind(threshold)),
        )

    def _kind(self, threshold: Threshold) -> MetricType:
        declared = self._scenario.metrics.get(threshold.metric, "counter")
        return METRICS.get(threshold.metric, cast("MetricType", declared))

    def _windowed(self, threshold: Threshold, store: Store, end: int) -> tuple[float | None, int]:
        """The value over the window that ends before `end`, and of how many samples."""
        seconds = int(threshold.window or NOW)
        tags, start = selection(threshold), end - seconds
        done, custom = Iterations(), None
        if reads_iterations(threshold):
            done = store.iteration_window(start, end, tags)
        elif reads_custom(threshold):
            custom = store.metric_window(threshold.metric, start, end, tags)
        sums = Sums(
            tally=store.window(start, end, tags, phases=reads_phases(threshold)),
            iterations=done,
            custom=custom,
            kind=self._kind(threshold),
            seconds=seconds - store.gaps.seconds(start, end),
            vus=store.crews.active,
            vus_max=store.crews.vus_max,
        )
        return value(threshold, sums), _samples(threshold, sums)

    def _run(
        self, threshold: Threshold, store: Store, elapsed: float
    ) -> tuple[float | None, bool | None]:
        if threshold.window is not None:
            standing = self._standing[label(threshold)]
            worst = standing.breach[1] if standing.breach is not None else None
            return worst, standing.breach is None if standing.judged else None
        tags = selection(threshold)
        sums = Sums(
            tally=store.total(tags, phases=reads_phases(threshold)),
            iterations=store.iteration_total(tags),
            custom=store.metric_total(threshold.metric, tags),
            kind=self._kind(threshold),
            seconds=elapsed,
            vus=store.crews.active,
            vus_max=store.crews.vus_max,
        )
        run = value(threshold, sums)
        return run, threshold.holds(run) if run is not None else None

    def note_windows(self, store: Store, complete: int, at: float) -> None:
        """Judge every `over …` window that ends with the last complete second; keep the first
        breach.
        """
        for threshold in self._scenario.thresholds:
            standing = self._standing[label(threshold)]
            first = store.first
            if threshold.window is None or standing.breach is not None or first is None:
                continue
            measured, samples = self._windowed(threshold, store, complete)
            whole = complete - int(threshold.window) >= first
            if not whole or measured is None or samples < MIN_SAMPLES:
                continue
            breach = None if threshold.holds(measured) else (at, measured)
            self._standing[label(threshold)] = msgspec.structs.replace(
                standing, breach=breach, judged=True
            )

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
        """The first threshold that fails over the run and says abortOnFail, once its delay is
        over.
        """
        for threshold, status in zip(self._scenario.thresholds, statuses, strict=True):
            late_enough = elapsed >= threshold.delay_abort
            if threshold.abort_on_fail and late_enough and status.run_ok is False:
                return threshold
        return None


def _samples(threshold: Threshold, sums: Sums) -> int:
    """How many samples a window's value stands on."""
    if reads_iterations(threshold):
        return sums.iterations.ended + sums.iterations.dropped
    counted = sums.custom.count if sums.custom is not None else 0
    return max(counted, sums.tally.requests)


def label(threshold: Threshold) -> str:
    """The threshold as the screen names it: its text, with the metric where that is not latency."""
    tags = ",".join(f"{k}:{v}" for k, v in threshold.tags.items())
    where = f"{{{tags}}}" if tags else ""
    if threshold.metric == "http_req_duration":
        return f"{threshold.source}{f' {where}' if where else ''}"
    return f"{threshold.metric}{where} {threshold.source}"


def slo(scenario: Scenario) -> float | None:
    """The latency limit drawn in the chart: the first p95 (else the highest p) over all requests,
    ms.
    """
    limits = [
        t
        for t in scenario.thresholds
        if t.metric == "http_req_duration" and not t.tags and t.aggregate == "p"
    ]
    exact = next((t for t in limits if t.quantile == 0.95 and t.operator in {"<", "<="}), None)
    return exact.limit if exact is not None else None


def failed_limit(scenario: Scenario) -> float | None:
    """The limit of the failed share 0..1 over all requests, if one is set."""
    chosen = (t for t in scenario.thresholds if t.metric == "http_req_failed" and not t.tags)
    return next((t.limit for t in chosen if t.aggregate == "rate"), None)


def endpoint_limit(scenario: Scenario, name: str) -> float | None:
    """The p95 limit in ms that holds for one request name alone, if one is set."""
    for threshold in scenario.thresholds:
        chosen = names_with(scenario, threshold.tags)
        is_p95 = threshold.metric == "http_req_duration" and threshold.quantile == 0.95
        if is_p95 and chosen is not None and name in chosen:
            return threshold.limit
    return None
