"""The limits of thresholds that charts and tables draw (pure)."""

from __future__ import annotations

from collections.abc import Mapping

from loadtui.model.scenario import Scenario


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
