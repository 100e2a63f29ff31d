"""All that a screen, a threshold or a summary may know, frozen at one instant."""

from __future__ import annotations

from typing import Literal

import msgspec

from loadtui.model.finding import Finding
from loadtui.model.generator import Generator
from loadtui.model.history import History, Point
from loadtui.model.ledger import Entry
from loadtui.model.marker import Marker
from loadtui.model.metric import MetricType
from loadtui.model.replay import ReplayStatus
from loadtui.model.result import MetricResult, Section
from loadtui.model.timed import Timed
from loadtui.model.toxic import Toxic
from loadtui.model.verdict import ThresholdStatus
from loadtui.model.watch import Watched

Phase = Literal["starting", "idle", "setup", "running", "paused", "panic", "ending", "ended"]
"""`idle`: no VU runs or drains and none is wanted. `setup`: a journey's `setup` runs, before the
first VU. `panic`: latched."""

Driver = Literal["hand", "plan", "hand over plan", "plan over"]
"""What decides how much load there is: the plan while it lasts, or a hand that took over."""


class Stats(msgspec.Struct, frozen=True):
    """One window's numbers: latencies in ms, rate per second, `failed` 0..1, `requests` the
    sample count.
    """

    requests: int = 0
    rate: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    failed: float | None = None
    checks: float | None = None
    """Share of checks that passed, None where none ran."""


class Endpoint(msgspec.Struct, frozen=True):
    """One request name over the last 10 s; `trend`: p95 in ms of each of the last 60 s, oldest
    first.
    """

    name: str
    method: str
    now: Stats = Stats()
    trend: tuple[float | None, ...] = ()
    limit: float | None = None
    """The p95 threshold of this endpoint in ms, if one is set."""


class Comparison(msgspec.Struct, frozen=True):
    """Before, during and after one fault; `during`/`after` grow while they last. `recovery`:
    seconds
    from lifting to the first of five consecutive seconds inside the baseline band, None while
    unknown; `state`: `on`, `measuring`, `recovered`, `not recovered`, `cut short`, `no baseline`.
    """

    marker: int
    what: str
    before: Stats = Stats()
    during: Stats = Stats()
    after: Stats = Stats()
    recovery: float | None = None
    state: str = "on"
    baseline_marked: bool = False


class Slot(msgspec.Struct, frozen=True):
    """One row below a proxy in the chaos panel: a toxic, or "down" (toxic None).

    `ours`: this session injected or changed it. `left`: seconds until it lifts by itself. `busy`:
    a call is under way ("injecting", "lifting", "changing"). `trouble`: why it could not be done.
    `begins`: seconds of the plan until it comes by itself; `skipped`: it would have.
    """

    fault: str
    toxic: Toxic | None
    on: bool
    ours: bool = False
    left: float | None = None
    busy: str = ""
    trouble: str = ""
    begins: float | None = None
    skipped: bool = False


class ProxyStatus(msgspec.Struct, frozen=True):
    """A proxy of the server, its slots, and live counters where the server offers them."""

    name: str
    listen: str
    upstream: str
    enabled: bool = True
    ours: bool = False
    connections: int | None = None
    bytes_per_second: float | None = None
    slots: tuple[Slot, ...] = ()


ServerState = Literal["none", "starting", "up", "stuck", "lost"]


class Chaos(msgspec.Struct, frozen=True):
    """The chaos panel. `server`: words like "toxiproxy 2.12.0 :8474 (ours)". `stuck`: the control
    API accepts but does not answer; `lost`: nothing listens. `blocked`: why no new fault may be
    injected ("" = may). `leftovers`: entries of earlier sessions that wait for an answer.
    """

    state: ServerState = "none"
    server: str = ""
    message: str = ""
    restartable: bool = False
    blocked: str = ""
    proxies: tuple[ProxyStatus, ...] = ()
    leftovers: tuple[Entry, ...] = ()
    url: str = ""
    """Base URL of the control API, "" while none is known: what shell lines name as the server."""
    ttl: float = 300.0
    """Seconds after which a new fault lifts by itself where the operator says nothing else."""
    timed: tuple[Timed, ...] = ()
    """Faults of the plan, in order of time."""
    begun: bool = False
    """Whether the plan has begun, on whose clock they come."""

    @property
    def on(self) -> tuple[tuple[ProxyStatus, Slot], ...]:
        """Every fault that is on and ours, in panel order."""
        return tuple((p, s) for p in self.proxies for s in p.slots if s.on and s.ours)


class SpikeStatus(msgspec.Struct, frozen=True):
    """A spike under way: VUs to return to, seconds left."""

    back_to: int
    left: float


class Trend(msgspec.Struct, frozen=True):
    """A trend's numbers, built-in ones in ms, custom ones in their own unit; None without data."""

    count: int = 0
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    avg: float | None = None
    low: float | None = None
    high: float | None = None


class CustomMetric(msgspec.Struct, frozen=True):
    """A custom metric since the start: `value` is a counter's sum, a gauge's newest value or a
    rate's share 0..1, a trend has `trend`.
    """

    name: str
    kind: MetricType
    count: int
    value: float | None = None
    trend: Trend = Trend()


class Total(msgspec.Struct, frozen=True):
    """Since the start. `statuses`, `errors` by kind, `checks`: name → (passed, failed).

    `response`: from scheduled start to end, where there was a schedule; `dropped`: iterations for
    which there was no free VU; `late`: how late iterations began; `metrics`: custom ones by name.
    """

    requests: int = 0
    failed: int = 0
    cut: int = 0
    iterations: int = 0
    iterations_failed: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    statuses: dict[int, int] = {}
    errors: dict[str, int] = {}
    checks: dict[str, tuple[int, int]] = {}
    counters: dict[str, float] = {}
    stats: Stats = Stats()
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    response: Trend = Trend()
    dropped: int = 0
    late: Trend = Trend()
    metrics: tuple[CustomMetric, ...] = ()


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One instant. `at`: session seconds; `wall`: Unix seconds. `points`: the last 120 s, oldest
    first. `now`: the last 10 s over all requests. `question`: asks the operator yes or no ("" =
    none). `caption`: the tour's words. `parts`: what is still starting: name → words. `news`: the
    last thing that went wrong or finished, for a toast, with `news_number` counting up.
    """

    at: float
    wall: float
    phase: Phase
    name: str
    target_url: str
    profile: str = ""
    """The profile that supplied the plan, "" for none."""
    time_scale: float = 1.0
    """How many times faster than written the plan goes; other than 1 it is a rehearsal."""
    rps: int = 0
    """Requests per second that are sent at most, 0 for no limit."""
    target: int = 0
    active: int = 0
    draining: int = 0
    step: int = 1
    max_vus: int = 1000
    by_rate: bool = False
    """Whether an arrival rate is driven instead of VUs."""
    target_rate: int = 0
    """Iterations that are to start per second, where a rate drives."""
    max_rate: int = 20_000
    driver: Driver = "hand"
    plan: str = ""
    """Where in the plan this instant lies, such as `stage 2 of 5 → 50 VUs, 1m left`; "" before."""
    spike: SpikeStatus | None = None
    panic: str = ""
    now: Stats = Stats()
    errors_now: dict[str, float] = {}
    """Failures per second over the last 10 s by reason ("503", "timeout")."""
    total: Total = Total()
    points: tuple[Point, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    endpoint_totals: tuple[tuple[str, Stats], ...] = ()
    thresholds: tuple[ThresholdStatus, ...] = ()
    results: tuple[MetricResult, ...] = ()
    """Every metric over the whole run; only in the last snapshot."""
    sections: tuple[Section, ...] = ()
    """What each scenario and each group did; only in the last snapshot."""
    unfed: tuple[str, ...] = ()
    """Declared metrics that nobody gave a sample; only in the last snapshot."""
    findings: tuple[Finding, ...] = ()
    """What the scenario's profile was run for; only in the last snapshot."""
    elapsed: float = 0.0
    """Seconds under load, so far."""
    slo: float | None = None
    """The p95 limit in ms drawn in the latency chart."""
    failed_limit: float | None = None
    """The limit of the failed share 0..1, if one is set."""
    generator: Generator = Generator()
    dead_man: float | None = None
    """Seconds until the dead man's switch acts, unless a key is touched; None: it will not."""
    watched: tuple[Watched, ...] = ()
    """Processes watched beside the load, in the scenario's order."""
    chaos: Chaos = Chaos()
    markers: tuple[Marker, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    question: str = ""
    caption: str = ""
    has_tour: bool = False
    touring: bool = False
    parts: dict[str, str] = {}
    news: str = ""
    news_number: int = 0
    journal: str = ""
    replay: ReplayStatus | None = None
    """Where in a journal this is, None while a session lives."""
    history: History = History()
    """What lies further back than `points`; no journal holds it."""
