"""What a threshold says, and the windows of `over …` that broke it."""

from __future__ import annotations

import msgspec


class WindowValue(msgspec.Struct, frozen=True):
    """One complete window of `over …`: `since` and `until` in session seconds, its value.

    Of the first that failed: `endpoint`, the request that did most of it, and `reason`, of most of
    that one's failures ("503", "timeout"); each "" where there is none.
    """

    since: float
    until: float
    value: float
    endpoint: str = ""
    reason: str = ""


class ThresholdStatus(msgspec.Struct, frozen=True):
    """A threshold *now* (its last 10 s, or its own window) and over the *run*. Values in the
    threshold's unit; None: no data.

    `no_data`: at the end, whether its metric had no sample, so that `run` is what k6 puts in its
    place. `metric`: the metric with its tags, as k6 writes it; `rule`: the rest of the threshold.
    `windows`: how many windows of `over …` were judged, `broken` how many of them failed, `first`
    and `worst` of those.
    """

    source: str
    now: float | None = None
    now_ok: bool | None = None
    run: float | None = None
    run_ok: bool | None = None
    unit: str = ""
    no_data: bool = False
    metric: str = ""
    rule: str = ""
    windows: int = 0
    broken: int = 0
    first: WindowValue | None = None
    worst: WindowValue | None = None

    def fails(self, *, strict: bool) -> bool:
        """Whether it fails the run, which alone decides exit code 99; `strict`: no data does."""
        return self.run_ok is False or (strict and self.no_data)
