"""What a worker reports: rows (aggregated deltas of one second and one request name) in batches."""

from __future__ import annotations

import msgspec

Sparse = dict[int, int]
"""A histogram's non-empty buckets: index → count (see measure.histogram)."""


class Distribution(msgspec.Struct, frozen=True, array_like=True):
    """A histogram on the wire, times in integer µs; `total` the exact sum, `low`/`high` exact."""

    count: int = 0
    total: int = 0
    low: int = 0
    high: int = 0
    buckets: Sparse = {}


class Row(msgspec.Struct, frozen=True, array_like=True):
    """The delta of one request name within one second of the worker's clock.

    `second`: floor of the worker's monotonic seconds at the end of the request. `requests`: all
    that ended with an answer or an error (not `cut`). `failed`: those k6 calls failed (status not
    expected, or an error). `statuses`, `errors`: counts by status and by error kind. `cut`: ended
    by a hard stop: neither failure nor latency. Phases: blocked, connecting, tls_handshaking,
    sending, waiting, receiving, in that order. `duration` = sending + waiting + receiving of
    requests that got an answer, and the full wait of timed-out ones. Bytes as seen on the socket.
    """

    second: int
    name: str
    requests: int = 0
    failed: int = 0
    cut: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    duration: Distribution = Distribution()
    phases: tuple[Distribution, ...] = ()
    statuses: dict[int, int] = {}
    errors: dict[str, int] = {}
    checks: dict[str, tuple[int, int]] = {}
    """Check name → (passed, failed)."""
    counters: dict[str, float] = {}


class IterationRow(msgspec.Struct, frozen=True, array_like=True):
    """Iterations that ended within one second: all, those that failed (a save without value),
    cut.
    """

    second: int
    ended: int = 0
    failed: int = 0
    cut: int = 0
    duration: Distribution = Distribution()


class Health(msgspec.Struct, frozen=True, array_like=True):
    """How the worker itself fared since its last batch: CPU seconds used, wall seconds, loop lag
    (largest delay of a timer, seconds), open connections.
    """

    cpu: float = 0.0
    wall: float = 0.0
    lag: float = 0.0
    connections: int = 0


class Batch(msgspec.Struct, frozen=True, tag=True):
    """One report of one worker, four a second. `at`: the worker's monotonic seconds. `active`: VUs
    running an iteration or thinking; `draining`: those that finish their last one.
    """

    worker: int
    seq: int
    at: float
    active: int
    draining: int
    rows: tuple[Row, ...] = ()
    iterations: tuple[IterationRow, ...] = ()
    health: Health = Health()
