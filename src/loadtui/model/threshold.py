"""A pass/fail criterion on a metric, in k6's grammar, with an optional window of ours."""

from __future__ import annotations

from typing import Literal

import msgspec

Operator = Literal["<", "<=", ">", ">=", "==", "!="]
Aggregate = Literal["p", "avg", "min", "med", "max", "count", "rate", "value"]


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
