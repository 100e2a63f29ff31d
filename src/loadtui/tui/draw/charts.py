"""The three charts of the stack: what each draws, and what it says while it is empty."""

from __future__ import annotations

from typing import Literal

from loadtui.model.fault_words import brief
from loadtui.model.history import Point
from loadtui.model.snapshot import ProxyStatus, Slot, Snapshot
from loadtui.tui.draw.cells import Hue, Row, Rows, clean, cut, pen
from loadtui.tui.draw.chart import Spec
from loadtui.tui.draw.figures import number
from loadtui.tui.draw.series import Series
from loadtui.tui.draw.zoom import Zoom
from loadtui.tui.keys import sign_of

ChartName = Literal["latency", "load", "errors"]
Chosen = tuple[ProxyStatus, Slot] | None

LATENCY = Spec(
    name="latency",
    unit=" ms",
    series=(
        Series(field="high", hue="quiet", label="max {}", digits=1, spare=True),
        Series(field="p50", hue="p50", label="p50 {}", digits=1),
        Series(field="p99", hue="p99", label="p99 {}", digits=1),
        Series(field="p95", hue="p95", label="p95 {}", digits=1, thick=True),
    ),
    floor=10.0,
)
LOAD = Spec(
    name="load",
    unit="/s",
    series=(
        Series(field="rate", hue="rate", area=True, told="{} /s", digits=1, ink="ink"),
        Series(field="vus", hue="accent", thick=True, right=True, told="{} VUs"),
    ),
    right_unit=" VUs",
    floor=4.0,
)


def errors(limit: float | None) -> Spec:
    """The chart of failed requests; below the limit (a share 0..1) they are grey."""
    calm = (limit or 0.0) * 100
    failed = Series(
        field="failed",
        hue="bad-deep",
        label="{worst} {} %",
        factor=100.0,
        area=True,
        calm=max(calm, 1e-9),
        calm_label="all {} %",
        digits=1,
        ink="bad",
    )
    timeouts = Series(
        field="timeouts", hue="bad", label="t/o {} %", factor=100.0, area=True, digits=1
    )
    return Spec(name="errors", unit=" %", series=(failed, timeouts), floor=5.0, ceiling=100.0)


def spec(name: ChartName, snapshot: Snapshot) -> Spec:
    """The chart of that name."""
    if name == "errors":
        return errors(snapshot.failed_limit)
    return LATENCY if name == "latency" else LOAD


def limit(name: ChartName, snapshot: Snapshot) -> tuple[float, str] | None:
    """The limit drawn in a chart, with its words."""
    if name != "latency" or not snapshot.slo:
        return None
    return snapshot.slo, f"SLO {number(snapshot.slo)}"


def points_of(snapshot: Snapshot, zoom: Zoom) -> tuple[Point, ...]:
    """All points for that zoom."""
    is_near = zoom in {"30s", "2min"}
    return snapshot.points if is_near else snapshot.history.points or snapshot.points


def points(name: ChartName, snapshot: Snapshot, zoom: Zoom = "2min") -> tuple[Point, ...]:
    """What a chart draws; seconds in which nobody ran are no load to show a scale for."""
    found = points_of(snapshot, zoom)
    if name == "load" and not any(p.vus or p.rate for p in found):
        return ()
    return found


def hint(name: ChartName, snapshot: Snapshot, chosen: Chosen = None) -> Rows:
    """What an empty chart says; `chosen`: the fault that space would inject."""
    if name == "latency":
        if snapshot.phase == "starting":
            return _starting(snapshot)
        if snapshot.phase == "setup":
            return (
                (("Setting up", pen("ink", bold=True)),),
                (),
                (("  setup runs, before the first virtual user begins", pen("quiet")),),
            )
        return _first_steps(snapshot, chosen)
    if snapshot.phase in {"starting", "setup", "idle"}:
        return ((("no load yet" if name == "load" else "no errors yet", pen("quiet")),),)
    return ((("nothing measured in this time", pen("quiet")),),)


def _starting(snapshot: Snapshot) -> Rows:
    title: Row = (("Starting", pen("ink", bold=True)),)
    parts = snapshot.parts or {"session": "starting…"}
    width = max(len(clean(name)) for name in parts)
    lines = [
        (
            (f"  {clean(name):<{width}}", pen("accent")),
            (f"   {cut(clean(words), 60)}", pen("quiet")),
        )
        for name, words in parts.items()
    ]
    return (title, (), *lines)


def _first_steps(snapshot: Snapshot, chosen: Chosen) -> Rows:
    if snapshot.phase != "idle":
        return ((("nothing measured in this time", pen("quiet")),),)
    add = f"add {snapshot.step} virtual user{'' if snapshot.step == 1 else 's'}"
    steps: list[tuple[str, str, Hue]] = [
        ("up", add, "accent"),
        ("spike", "spike: many users for ten seconds", "accent"),
    ]
    if snapshot.chaos.state == "up" and chosen is not None:
        steps.append(("toggle", _breaks(*chosen), "fault"))
    if snapshot.has_tour:
        steps.append(("tour", "watch the guided tour", "accent"))
    steps.append(("panic", "take it all back, at once", "bad"))
    rows = [
        (
            (f"{sign_of(key, {}):>8}", pen(hue, bold=True, key=key)),
            (f"   {words}", pen("ink", key=key)),
        )
        for key, words, hue in steps
    ]
    title: Row = (("Nothing is running. It is in your hands:", pen("ink", bold=True)),)
    return (title, (), *rows)


def _breaks(proxy: ProxyStatus, slot: Slot) -> str:
    values = clean(brief(slot.toxic)) if slot.toxic is not None else ""
    what = f"{clean(slot.fault)} {values}".strip()
    return cut(f"break {clean(proxy.name)}: {what}", 44)
