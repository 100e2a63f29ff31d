"""What a summary says in full: every metric by its name, every scenario and every group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadtui.model.plain import printable
from loadtui.model.result import MetricResult, Section
from loadtui.model.units import NOTHING, grouped, number, share, size
from loadtui.outputs.chart import Look
from loadtui.outputs.table import lines, table, title
from loadtui.outputs.totals import check_lines

_HEADS = {
    "counter": ("counters", "count", "per s"),
    "rate": ("rates", "share", "of"),
    "gauge": ("gauges", "value", "min", "max"),
}


def metrics(results: Sequence[MetricResult], look: Look, stats: Sequence[str]) -> Iterator[str]:
    """Every metric, and the sub-metrics that thresholds ask for; `stats`: those of trends."""
    if results:
        yield title("METRICS", look)
        yield from _tables(results, look, stats)


def sections(found: Sequence[Section], look: Look, stats: Sequence[str]) -> Iterator[str]:
    """Each scenario and each group, with its own checks and metrics."""
    for index, each in enumerate(found):
        if index:
            yield ""
        yield title(f"{each.kind.upper()} {printable(each.name)}", look)
        yield from lines(tuple(check_lines(each.checks)), look)
        yield from _tables(each.results, look, stats)


def _tables(results: Sequence[MetricResult], look: Look, stats: Sequence[str]) -> Iterator[str]:
    """Trends of times, other trends, counters, rates and gauges, each under a head of its own."""
    least = max((len(printable(each.name)) for each in results), default=0)
    trends = [each for each in results if each.kind == "trend"]
    for what, chosen in (
        ("times in ms", [each for each in trends if each.contains == "time"]),
        ("other trends", [each for each in trends if each.contains != "time"]),
    ):
        if chosen:
            shown = tuple(stats) or tuple(chosen[0].values)
            rows = [(printable(each.name), *_trend(each, shown)) for each in chosen]
            yield from table((what, *shown), rows, look, folds=True, least=least)
    for kind, head in _HEADS.items():
        if chosen := [each for each in results if each.kind == kind]:
            rows = [(printable(each.name), *_cells(each)) for each in chosen]
            yield from table(head, rows, look, folds=True, least=least)


def _trend(result: MetricResult, stats: Sequence[str]) -> Iterator[str]:
    for stat in stats:
        value = result.values.get(stat)
        if value is None:
            yield NOTHING
        else:
            yield grouped(value) if stat == "count" else _amount(result, value)


def _cells(result: MetricResult) -> tuple[str, ...]:
    values = result.values
    match result.kind:
        case "counter":
            return _amount(result, values["count"], whole=True), _amount(result, values["rate"])
        case "rate":
            ran = grouped(values["passes"] + values["fails"])
            return share(values["rate"]), f"{grouped(values['passes'])} of {ran}"
        case _:
            return tuple(
                _amount(result, values[name], whole=True) for name in ("value", "min", "max")
            )


def _amount(result: MetricResult, value: float, *, whole: bool = False) -> str:
    if result.contains == "data":
        return size(value)
    return grouped(value) if whole and float(value).is_integer() else number(value)
