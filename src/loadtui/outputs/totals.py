"""The lines of a run's totals: name, value and colour of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from loadtui.model.error_code import error_code
from loadtui.model.generator import Generator
from loadtui.model.metric import METRICS
from loadtui.model.plain import printable
from loadtui.model.result import MetricResult
from loadtui.model.snapshot import CustomMetric, Snapshot, Stats, Trend
from loadtui.model.units import NOTHING, grouped, milliseconds, number, share, size
from loadtui.outputs.paint import Role
from loadtui.outputs.table import Line

EXPECTED = "http_req_duration{expected_response:true}"
"""The sub-metric of what did not fail, which k6 shows without being asked."""


def sign(ok: bool | None) -> tuple[str, Role]:  # noqa: FBT001 - a threshold's own word
    """How a verdict is marked."""
    if ok is None:
        return NOTHING, "quiet"
    return ("✓", "good") if ok else ("✗", "bad")


def rows(snapshot: Snapshot, stats: Sequence[str] = ()) -> Iterator[Line]:
    """Everything that was counted since the start, k6's names where it has one. `stats`: those of
    trends, where somebody asked for them.
    """
    asked = {each.name: figures(each, stats) for each in snapshot.results if stats}
    yield from _checks(snapshot)
    yield from _latencies(snapshot, asked)
    yield from _requests(snapshot)
    yield from _iterations(snapshot)
    total = snapshot.total
    yield "data received, sent", f"{size(total.bytes_in)}, {size(total.bytes_out)}", None
    if total.statuses:
        yield "statuses", _counts({str(k): v for k, v in total.statuses.items()}), None
    if total.errors:
        kinds = {f"{kind} ({error_code(kind)})": n for kind, n in total.errors.items()}
        yield "errors", _counts(kinds), "bad"
    if total.cut:
        yield "cut", f"{grouped(total.cut)} ended by a hard stop, neither failed nor timed", None
    for name, value in sorted(total.counters.items()):
        yield printable(name), _amount(value), None
    for metric in total.metrics:
        is_asked = metric.kind == "trend" and metric.name in asked
        shown = asked[metric.name] if is_asked else _custom(metric)
        yield printable(metric.name), shown, None


def health(generator: Generator) -> tuple[str, ...]:
    """How the generator itself fared, in short words."""
    parts = [f"generator {generator.state}", f"{generator.workers} of {generator.wanted} workers"]
    if generator.cpu is not None:
        parts.append(f"cpu {share(generator.cpu)}")
    if generator.lag is not None:
        parts.append(f"lag {milliseconds(generator.lag * 1000)}")
    if generator.late is not None:
        parts.append(f"starts p99 {milliseconds(generator.late * 1000)} late")
    for what, used, limit in (
        ("files", generator.files, generator.files_limit),
        ("ports", generator.ports, generator.ports_limit),
    ):
        if limit:
            parts.append(f"{what} {grouped(used)} of {grouped(limit)}")
    if generator.losses:
        lost = "1 worker lost" if generator.losses == 1 else f"{generator.losses} workers lost"
        parts.append(f"{lost}, {generator.missed} s not fully measured")
    elif generator.missed:
        parts.append(f"{generator.missed} s not fully measured")
    return tuple(parts)


def figures(result: MetricResult, stats: Sequence[str] = ()) -> str:
    """A metric's numbers in words, a trend's only those of `stats` where any are named."""
    values = result.values
    match result.kind:
        case "trend":
            chosen = {name: values[name] for name in stats or values if name in values}
            return "  ".join(f"{name} {_of(result, name, v)}" for name, v in chosen.items())
        case "counter":
            return f"{_of(result, '', values['count'])}  {_of(result, '', values['rate'])}/s"
        case "rate":
            ran = values["passes"] + values["fails"]
            return f"{share(values['rate'])}  {grouped(values['passes'])} of {grouped(ran)}"
        case _:
            return "  ".join(f"{name} {number(value)}" for name, value in values.items())


def _of(result: MetricResult, stat: str, value: float) -> str:
    if stat == "count":
        return grouped(value)
    match result.contains:
        case "time":
            return milliseconds(value)
        case "data":
            return size(value)
        case _:
            return number(value)


def _checks(snapshot: Snapshot) -> Iterator[Line]:
    yield from check_lines(snapshot.total.checks)


def check_lines(checks: Mapping[str, tuple[int, int]]) -> Iterator[Line]:
    """How checks fared, all of them together and each by itself, the worst first."""
    if not checks:
        return
    passed = sum(good for good, _ in checks.values())
    ran = passed + sum(bad for _, bad in checks.values())
    whole = f"{share(passed / ran if ran else None)}  {grouped(passed)} of {grouped(ran)}"
    yield "checks", whole, None if passed == ran else "bad"
    for name, (good, bad) in sorted(checks.items(), key=lambda item: -item[1][1]):
        mark, role = sign(bad == 0)
        tail = f"  {grouped(bad)} of {grouped(good + bad)} failed" if bad else ""
        yield f"  {mark} {printable(name)}", f"{share(good / (good + bad or 1))}{tail}", role


def _latencies(snapshot: Snapshot, asked: Mapping[str, str]) -> Iterator[Line]:
    total, stats = snapshot.total, snapshot.total.stats
    if total.mean is None:
        yield "http_req_duration", "no answer came", None
    elif "http_req_duration" in asked:
        yield "http_req_duration", asked["http_req_duration"], None
    else:
        middle = (("p50", stats.p50), ("p95", stats.p95), ("p99", stats.p99))
        rest = (("avg", total.mean), ("min", total.low), ("max", total.high))
        for name, parts in (("http_req_duration", middle), ("  and", rest)):
            yield name, "  ".join(f"{each} {milliseconds(value)}" for each, value in parts), None
    expected = next((each for each in snapshot.results if each.name == EXPECTED), None)
    if expected is not None:
        yield "  expected_response", _expected(expected, asked), None
    if total.response.count:
        times = asked.get("response_time", _times(total.response))
        yield "response_time", f"{times}  from the scheduled start", None


def _expected(result: MetricResult, asked: Mapping[str, str]) -> str:
    """Latency of what did not fail, in the same words as all of it."""
    if EXPECTED in asked:
        return asked[EXPECTED]
    stats = (("p50", "med"), ("p95", "p(95)"), ("p99", "p(99)"))
    return "  ".join(f"{name} {milliseconds(result.values.get(stat))}" for name, stat in stats)


def _requests(snapshot: Snapshot) -> Iterator[Line]:
    total, stats = snapshot.total, snapshot.total.stats
    failed = f"{share(stats.failed)}  {grouped(total.failed)} of {grouped(total.requests)}"
    yield "http_req_failed", failed, "bad" if total.failed else None
    limit = f"  limited to {grouped(snapshot.rps)}/s" if snapshot.rps else ""
    yield "http_reqs", _counted(total.requests, stats) + limit, None


def _iterations(snapshot: Snapshot) -> Iterator[Line]:
    total = snapshot.total
    early = f", {grouped(total.iterations_failed)} failed" if total.iterations_failed else ""
    yield "iterations", grouped(total.iterations) + early, "bad" if early else None
    if total.dropped:
        yield "dropped_iterations", f"{grouped(total.dropped)} for want of a free VU", "bad"
    if total.late.count:
        yield "iteration_lateness", f"{_times(total.late)}  after the due time", None


def _times(trend: Trend) -> str:
    parts = (("p50", trend.p50), ("p95", trend.p95), ("p99", trend.p99))
    return "  ".join(f"{name} {milliseconds(value)}" for name, value in parts)


def _custom(metric: CustomMetric) -> str:
    match metric.kind:
        case "trend":
            parts = (
                ("p50", metric.trend.p50),
                ("p95", metric.trend.p95),
                ("p99", metric.trend.p99),
                ("avg", metric.trend.avg),
            )
            shown_as = milliseconds if metric.name in METRICS else number
            shown = ((name, NOTHING if v is None else shown_as(v)) for name, v in parts)
            return "  ".join(f"{name} {value}" for name, value in shown)
        case "rate":
            return f"{share(metric.value)} of {grouped(metric.count)}"
        case _:
            return NOTHING if metric.value is None else _amount(metric.value)


def _amount(value: float) -> str:
    """A whole number says all of it."""
    return grouped(value) if float(value).is_integer() else number(value)


def _counted(count: int, stats: Stats) -> str:
    rate = f"  {number(stats.rate)}/s" if stats.rate is not None else ""
    return grouped(count) + rate


def _counts(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{printable(name)} ×{grouped(count)}" for name, count in ordered)
