"""What a worker reports: rows (aggregated deltas of one second and one series) in batches."""

from __future__ import annotations

import msgspec

from loadtui.model.metric import MetricType
from loadtui.model.tags import NO_TAGS, Tags

Sparse = dict[int, int]
"""A histogram's non-empty buckets: index → count (see measure.histogram)."""


class Distribution(msgspec.Struct, frozen=True, array_like=True):
    """A histogram on the wire, times in integer µs; `total` the exact sum, `low`/`high` exact."""

    count: int = 0
    total: int = 0
    low: int = 0
    high: int = 0
    buckets: Sparse = {}


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Those requests of a row that ended alike: with this status, or this kind of error (status 0).

    `failed`: whether k6 calls them failed: all of a part are, or none. The rest as in `Row`.
    """

    status: int
    error: str
    failed: bool
    requests: int
    duration: Distribution = Distribution()
    phases: tuple[Distribution, ...] = ()
    response: Distribution = Distribution()


class Row(msgspec.Struct, frozen=True, array_like=True):
    """The delta of one series, a request name and its tags, within one second of the worker's
    clock.

    `second`: floor of the worker's monotonic seconds at the end of the request. `requests`: all
    that ended with an answer or an error (not `cut`). `failed`: those k6 calls failed (status not
    expected, or an error). `statuses`, `errors`: counts by status and by error kind. `cut`: ended
    by a hard stop: neither failure nor latency. Phases: blocked, connecting, tls_handshaking,
    sending, waiting, receiving, in that order. `duration` = sending + waiting + receiving of
    requests that got an answer, and the full wait of timed-out ones. `response`: from the scheduled
    start to the end, of requests that had one. Bytes as seen on the socket. `parts`: the requests
    by outcome where not all ended alike, else empty.
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
    tags: Tags = NO_TAGS
    response: Distribution = Distribution()
    parts: tuple[Part, ...] = ()


class IterationRow(msgspec.Struct, frozen=True, array_like=True):
    """Iterations of one set of tags within one second: ended, failed (a save without value), cut.

    `dropped`: due but not begun, for want of a free VU. `late`: how long after its due time each
    iteration began that began in this second and had one.
    """

    second: int
    ended: int = 0
    failed: int = 0
    cut: int = 0
    duration: Distribution = Distribution()
    tags: Tags = NO_TAGS
    dropped: int = 0
    late: Distribution = Distribution()


class MetricRow(msgspec.Struct, frozen=True, array_like=True):
    """The delta of one custom metric and set of tags within one second, in the metric's own unit.

    `count`: samples; `total`: their sum; `truthy`: those that were not 0 (a rate's share is
    truthy / count); `low`, `high`: exact; `last`: the newest value, of the moment `at`. A trend's
    values × 10^6, rounded, are counted in `positive` (0 included) and, without sign, in `negative`.
    """

    second: int
    metric: str
    kind: MetricType
    tags: Tags = NO_TAGS
    count: int = 0
    total: float = 0.0
    truthy: int = 0
    low: float = 0.0
    high: float = 0.0
    at: float = 0.0
    last: float = 0.0
    positive: Sparse = {}
    negative: Sparse = {}


class Health(msgspec.Struct, frozen=True, array_like=True):
    """How the worker itself fared since its last batch: CPU seconds used, wall seconds, loop lag
    (largest delay of a timer, seconds), open connections, connections dialled; open files and how
    many it may have (0: unknown), local ports that there are to dial from (0: unknown).
    """

    cpu: float = 0.0
    wall: float = 0.0
    lag: float = 0.0
    connections: int = 0
    dialed: int = 0
    files: int = 0
    files_limit: int = 0
    ports_limit: int = 0


class Batch(msgspec.Struct, frozen=True, tag=True):
    """One report of one worker, four a second. `at`: the worker's monotonic seconds. `active`: VUs
    running an iteration or thinking; `draining`: those that finish their last one; `allocated`:
    all that were made ready, whether an iteration runs or not.
    """

    worker: int
    seq: int
    at: float
    active: int
    draining: int
    rows: tuple[Row, ...] = ()
    iterations: tuple[IterationRow, ...] = ()
    health: Health = Health()
    metrics: tuple[MetricRow, ...] = ()
    allocated: int = 0
