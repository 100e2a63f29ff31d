"""The metrics that thresholds may name; names, types and meanings are k6's where k6 has one."""

from __future__ import annotations

import re
from typing import Literal

MetricType = Literal["counter", "gauge", "rate", "trend"]

METRICS: dict[str, MetricType] = {
    "http_reqs": "counter",
    "http_req_duration": "trend",
    "http_req_blocked": "trend",
    "http_req_connecting": "trend",
    "http_req_tls_handshaking": "trend",
    "http_req_sending": "trend",
    "http_req_waiting": "trend",
    "http_req_receiving": "trend",
    "http_req_failed": "rate",
    "checks": "rate",
    "iterations": "counter",
    "iteration_duration": "trend",
    "iteration_failed": "rate",
    "data_sent": "counter",
    "data_received": "counter",
    "response_time": "trend",
    "dropped_iterations": "counter",
    "iteration_lateness": "trend",
    "group_duration": "trend",
    "ws_sessions": "counter",
    "ws_msgs_sent": "counter",
    "ws_msgs_received": "counter",
    "ws_connecting": "trend",
    "ws_session_duration": "trend",
    "ws_ping": "trend",
    "ws_failed": "rate",
    "sse_events_received": "counter",
    "sse_connecting": "trend",
    "sse_first_event": "trend",
    "sse_session_duration": "trend",
    "vus": "gauge",
    "vus_max": "gauge",
    "watch_memory": "gauge",
    "watch_cpu": "gauge",
    "watch_files": "gauge",
    "watch_up": "gauge",
}
"""Built-in metrics. Trends are in milliseconds, rates shares 0..1, data counters bytes.

Ours, besides those of server-sent events: `response_time` (from a request's scheduled start to its
end, where there is a schedule), `iteration_lateness` (how long after its due time an iteration
began), `iteration_failed` (the share of iterations that ended early for want of a saved value),
`ws_failed` (the share of WebSocket sessions that were not opened, or did not end in order) and
those of watched processes: resident bytes, cores used, open files, and whether it runs (1 or 0).
"""

OF_STREAMS = frozenset(name for name in METRICS if name.startswith(("ws_", "sse_")))
"""Metrics of WebSockets and of server-sent events."""

OF_WATCH = frozenset(name for name in METRICS if name.startswith("watch_"))
"""Metrics of watched processes, one sample a second each, with the tag `process`."""

SAMPLED = OF_STREAMS | OF_WATCH | {"group_duration"}
"""Built-in metrics that come sample by sample, as the scenario's own do."""

OF_ITERATIONS = frozenset(
    {
        "iterations",
        "iteration_duration",
        "iteration_failed",
        "iteration_lateness",
        "dropped_iterations",
    }
)
"""Metrics of whole iterations."""

OF_RUN = frozenset({"vus", "vus_max"})
"""Metrics of the run."""

OUTCOME_TAGS = frozenset({"status", "expected_response", "error", "error_code"})
"""Tags that say how a request ended; only samples of requests and their times have them."""

OF_OUTCOMES = frozenset(
    name for name in METRICS if name.startswith("http_req") or name == "response_time"
)
"""Metrics whose samples have those tags."""

WITHOUT_REQUEST_TAGS = OF_ITERATIONS | OF_RUN
"""Metrics of whole iterations or of the run: a request's tags say nothing about them."""

AGGREGATES: dict[MetricType, tuple[str, ...]] = {
    "counter": ("count", "rate"),
    "gauge": ("value",),
    "rate": ("rate",),
    "trend": ("avg", "min", "med", "max", "p(N)"),
}
"""What a threshold may ask of each type."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{1,127}", re.ASCII)


def is_name(text: str) -> bool:
    """Whether a metric may be called so (k6's rule: 2–128 of letters, digits and _)."""
    return _NAME.fullmatch(text) is not None
