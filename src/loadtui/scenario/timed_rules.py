"""Faults that come by themselves: their times against the plan, the guard and each other (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from loadtui.errors import BadInput
from loadtui.model.plan import plan_end
from loadtui.model.units import duration
from loadtui.scenario import fields
from loadtui.scenario.executor_rules import plan_and_guard
from loadtui.scenario.place import Document, Path, Problem, mapping

PLACE: Path = ("chaos", "faults")


class _Span(msgspec.Struct, frozen=True):
    """When a proxy is down. `at` None: by hand; `until` None: to the end."""

    name: str
    at: float | None
    until: float | None

    def meets(self, other: _Span) -> bool:
        """Whether both are ever down at once, or are the same row of the screen's panel."""
        if self.at is None or other.at is None:
            return self.at is other.at
        ends = [float("inf") if each.until is None else each.until for each in (self, other)]
        return self.at < ends[1] and other.at < ends[0]


def timed_problems(document: Document) -> Iterator[Problem]:
    """Everything that is wrong with the times of faults beyond the shape of single values."""
    faults = mapping(mapping(mapping(document.root).get("chaos")).get("faults"))
    written = {name: fault for name, fault in faults.items() if isinstance(fault, dict)}
    for name, fault in written.items():
        yield from _alone(document, (*PLACE, name), fault)
    yield from _together(document, written)
    if any("at" in fault for fault in written.values()):
        yield from _against_plan(document, written)


def _alone(document: Document, path: Path, fault: Mapping[str, Any]) -> Iterator[Problem]:
    root = mapping(document.root)
    if "for" in fault and "at" not in fault:
        bad = BadInput("for needs at, when it comes", hint="add at: 1m, or leave for out")
        yield document.at_key((*path, "for"), bad)
    if "at" in fault and root.get("load") is None and not root.get("scenarios"):
        bad = BadInput("at counts on the plan's clock, and there is no plan", hint="add load:")
        yield document.at_key((*path, "at"), bad)


def _together(document: Document, faults: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Two faults that take the same proxy down at the same time."""
    seen: dict[str, list[_Span]] = {}
    for name, fault in faults.items():
        if fault.get("down") is not True:
            continue
        proxy, span = str(fault.get("proxy")), _span(name, fault)
        if other := next((each for each in seen.get(proxy, ()) if each.meets(span)), None):
            when = "" if span.at is None else " at that time"
            hint = "keep one of them" if span.at is None else "let one end before the other comes"
            bad = BadInput(f"{other.name} already takes {proxy} down{when}", hint=hint)
            yield document.at_key((*PLACE, name), bad)
        seen.setdefault(proxy, []).append(span)


def _span(name: str, fault: Mapping[str, Any]) -> _Span:
    at, lasts = _seconds(fault, "at"), _seconds(fault, "for")
    return _Span(name, at, None if at is None or lasts is None else at + lasts)


def _against_plan(document: Document, faults: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    known = plan_and_guard(document.root)
    if known is None:  # other rules say why
        return
    plan, guard = known
    end = plan_end(plan)
    for name, fault in faults.items():
        at, lasts = _seconds(fault, "at"), _seconds(fault, "for")
        if plan and end is not None and at is not None and at >= end:
            bad = BadInput(
                f"the plan is over after {duration(end)}, before this fault comes",
                hint="take an earlier time, or a longer load",
            )
            yield document.at_value((*PLACE, name, "at"), bad)
        if lasts is not None and lasts > guard.ttl:
            bad = BadInput(
                f"for is more than guard.ttl allows ({duration(guard.ttl)})",
                hint="shorten it, or raise guard.ttl",
            )
            yield document.at_value((*PLACE, name, "for"), bad)


def _seconds(fault: Mapping[str, Any], key: str) -> float | None:
    """The duration there, None where there is none that can be read."""
    try:
        return fields.duration(fault[key]) if key in fault else None
    except BadInput:
        return None
