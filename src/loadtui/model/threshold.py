"""A pass/fail criterion on a metric, in k6's grammar, with an optional window of ours."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Literal, cast

import msgspec

from loadtui.errors import BadInput
from loadtui.model.metric import AGGREGATES, METRICS, MetricType
from loadtui.model.suggest import advice, nearest
from loadtui.model.units import parse_duration

Operator = Literal["<", "<=", ">", ">=", "==", "!="]
Aggregate = Literal["p", "avg", "min", "med", "max", "count", "rate", "value"]

WINDOWS = (1, 600)
"""Shortest and longest `over …` in seconds; whole ones, as measurements are kept by the second."""

# k6 tries the operators in this order and splits at the first that leaves a right side.
_OPERATORS = ("<=", "<", ">=", ">", "===", "==", "!=")
_WINDOW = re.compile(r"^(?P<rule>.*?)\s+over\s+(?P<window>\S+)\s*$", re.DOTALL)
_PERCENTILE = re.compile(r"p(?:\(([^()]+)\))?")
_DIGITS = r"\d(?:_?\d)*"
_NUMBER = re.compile(
    rf"[+-]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?\d+)?|[+-]?Inf", re.ASCII
)
_WITH_UNIT = re.compile(r"[+-]?[\d.]+\s*(?:ms|us|µs|s|m|h|%)", re.ASCII)
_KEY = re.compile(r"\s*(?P<name>[^{}\s]*)\s*(?:\{(?P<tags>.*)\}\s*)?", re.DOTALL)
_FLAG = re.compile(r"\s*(?P<key>[A-Za-z_]\w*(?:\{[^}]*\})?)\s*:\s*(?P<rule>.+)", re.DOTALL)


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """`metric{tags}: aggregate op limit [over window]`.

    `quantile` (0..1) belongs to aggregate `p`. `limit` is in the metric's own unit: milliseconds
    for the http_req_* trends, a share 0..1 for rates, a number for counters. `window`: seconds of
    `over …`, None for the whole run. `delay_abort`: seconds before an abort is considered.
    """

    source: str
    metric: str
    tags: dict[str, str] = {}
    aggregate: Aggregate
    quantile: float = 0.0
    operator: Operator
    limit: float
    window: float | None = None
    abort_on_fail: bool = False
    delay_abort: float = 0.0

    def holds(self, value: float) -> bool:
        """Whether a measured value passes."""
        match self.operator:
            case "<":
                return value < self.limit
            case "<=":
                return value <= self.limit
            case ">":
                return value > self.limit
            case ">=":
                return value >= self.limit
            case "==":
                return value == self.limit
            case "!=":
                return value != self.limit


def parse(key: str, text: str, *, declared: Mapping[str, MetricType] | None = None) -> Threshold:
    """The threshold `text` on the metric `key` (`http_req_duration{endpoint:create_order}`).

    k6's grammar (`p(95)<500`, `rate<0.01`), then optionally `over 10s`. `declared`: metrics that
    the scenario adds to the built-in ones.

    Raises:
        BadInput: for an unknown metric, an aggregate the metric's type lacks, or any other text.
    """
    metric, tags = metric_key(key)
    kind = metric_type(metric, declared=declared)
    found = _WINDOW.match(text)
    rule = found["rule"] if found else text
    asked, operator, limit = _split(rule.strip())
    aggregate, quantile = _aggregate(asked, kind, metric)
    return Threshold(
        source=" ".join(text.split()),
        metric=metric,
        tags=tags,
        aggregate=aggregate,
        quantile=quantile,
        operator=operator,
        limit=_limit(limit),
        window=_window(found["window"]) if found else None,
    )


def parse_flag(text: str, *, declared: Mapping[str, MetricType] | None = None) -> Threshold:
    """A threshold in one line: `http_req_failed: rate<0.01`, or `p(95)<500` for http_req_duration.

    Raises:
        BadInput: as `parse` does.
    """
    found = _FLAG.fullmatch(text)
    if found:
        return parse(found["key"], found["rule"], declared=declared)
    if text.strip().startswith(("rate", "count", "value")):
        hint = "write the metric first, such as 'http_req_failed: rate<0.01'"
        raise BadInput(f"the threshold {text!r} names no metric", hint=hint)
    return parse("http_req_duration", text, declared=declared)


def metric_key(key: str) -> tuple[str, dict[str, str]]:
    """Metric and tags of `name{tag:value,tag2:value2}`; names and values may be quoted.

    Raises:
        BadInput: for an empty value, a missing colon or brace.
    """
    found = _KEY.fullmatch(key)
    if found is None or not found["name"] or found["tags"] == "":
        raise BadInput(f"{key!r} is not a metric", hint="write name or name{tag:value,tag2:value2}")
    tags = {}
    for pair in (found["tags"] or "").split(",") if found["tags"] is not None else ():
        name, _, value = (part.strip().strip("'\"").strip() for part in pair.partition(":"))
        if not name or not value:
            raise BadInput(f"the tag {pair.strip()!r} of {key!r} is not tag:value", hint="mend it")
        tags[name] = value
    return found["name"], tags


def metric_text(threshold: Threshold) -> str:
    """The metric with its tags, as k6 writes it."""
    tags = ",".join(f"{k}:{v}" for k, v in threshold.tags.items())
    return f"{threshold.metric}{{{tags}}}" if tags else threshold.metric


def metric_type(metric: str, *, declared: Mapping[str, MetricType] | None = None) -> MetricType:
    """The type of a built-in or declared metric; raises BadInput where there is none."""
    known = {**METRICS, **(declared or {})}
    if kind := known.get(metric):
        return kind
    near = nearest(metric, known)
    hint = f"did you mean {near}?" if near else "declare it with count: or metrics:"
    raise BadInput(f"there is no metric {metric}", hint=hint)


def _split(rule: str) -> tuple[str, Operator, str]:
    for operator in _OPERATORS:
        left, _, right = rule.partition(operator)
        if right.strip():
            chosen = "==" if operator == "===" else operator
            return left.strip(), cast("Operator", chosen), right.strip()
    what = f"{rule!r} is not a threshold" if rule else "the threshold is empty"
    raise BadInput(what, hint="write aggregate, operator, number: p(95)<500")


def _aggregate(asked: str, kind: MetricType, metric: str) -> tuple[Aggregate, float]:
    if asked in AGGREGATES[kind]:
        return cast("Aggregate", asked), 0.0
    found = _PERCENTILE.fullmatch(asked)
    if kind == "trend" and found:
        return "p", _quantile(found[1])
    known = AGGREGATES[kind]
    if asked in {name for names in AGGREGATES.values() for name in names} or found:
        hint = f"it offers {', '.join(known)}"
        raise BadInput(f"{metric} is a {kind} and has no {asked}", hint=hint)
    raise BadInput(f"{asked!r} is not an aggregate of a {kind}", hint=advice(asked, known))


def _quantile(percent: str | None) -> float:
    if percent is None:  # k6 reads a bare `p` as p(0)
        return 0.0
    value = float(percent) if _NUMBER.fullmatch(percent.strip()) else math.nan
    if not 0 <= value <= 100:
        raise BadInput(f"p({percent}) is not a percentile", hint="p(0) to p(100) exist")
    return value / 100


def _limit(text: str) -> float:
    if _WITH_UNIT.fullmatch(text):
        hint = "leave the unit out: times are in ms, rates are shares from 0 to 1"
        raise BadInput(f"the limit {text!r} has a unit", hint=hint)
    if _NUMBER.fullmatch(text) is None:
        hint = "write one plain number; a second rule is a second entry of the list"
        raise BadInput(f"the limit {text!r} is not a number", hint=hint)
    return float(text)


def _window(text: str) -> float:
    value = parse_duration(text)
    shortest, longest = WINDOWS
    if not shortest <= value <= longest or value != int(value):
        raise BadInput(f"the window {text} cannot be judged", hint="take whole seconds, 1s to 10m")
    return value
