"""The lines of a summary that say what thresholds saw (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadtui.model.plain import printable
from loadtui.model.units import milliseconds, number, share, size
from loadtui.model.verdict import ThresholdStatus, WindowValue
from loadtui.outputs.paint import Role
from loadtui.outputs.scale import clock
from loadtui.outputs.totals import sign

ACCURACY = "percentiles are read from histograms: ±0.4 %"


def verdict_lines(statuses: Sequence[ThresholdStatus]) -> Iterator[tuple[str, Role]]:
    """One line a threshold: whether it held over the run, its text, what was measured."""
    wide = max((len(printable(each.source)) for each in statuses), default=0)
    for each in statuses:
        ok = None if each.no_data and each.run_ok else each.run_ok
        mark, role = sign(ok)
        yield f"{mark} {printable(each.source):<{wide}}  {measured(each)}", role


def measured(status: ThresholdStatus) -> str:
    """What a threshold's value over the run was, with its unit."""
    if status.no_data:
        return "no data, which counts as 0" if status.run_ok is False else "no data"
    if status.first is not None and status.worst is not None:
        return _windows(status, status.first, status.worst)
    if status.windows:
        one = status.windows == 1
        return "held in the one window" if one else f"held in all {status.windows} windows"
    return "no data" if status.run is None else shown(status, status.run)


def shown(status: ThresholdStatus, value: float) -> str:
    """A value in the threshold's unit."""
    match status.unit:
        case "ms":
            return milliseconds(value)
        case "%":
            return share(value)
        case "B":
            return size(value)
        case _:
            return number(value)


def _windows(status: ThresholdStatus, first: WindowValue, worst: WindowValue) -> str:
    failed = f"failed in {status.broken} of {status.windows}"
    if first == worst:
        return f"{failed} windows: {_window(status, first)}"
    return f"{failed} windows: first {_window(status, first)}, worst {_window(status, worst)}"


def _window(status: ThresholdStatus, window: WindowValue) -> str:
    return f"{shown(status, window.value)} at {clock(window.since)}–{clock(window.until)}"
