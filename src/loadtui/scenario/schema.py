"""The scenario file as pydantic models: shapes and single values; the rules look across them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WrapValidator

from loadtui.model.request import Think
from loadtui.model.trace import HEADERS, Tracing
from loadtui.scenario.data_fields import DataEnd, DataName, DataPick
from loadtui.scenario.executor_fields import EntryName, ExecutorName, ProfileName, stage_of
from loadtui.scenario.fields import (
    Address,
    Amount,
    Client,
    Connections,
    Count,
    Flag,
    Host,
    JsonPath,
    Lasting,
    Method,
    MetricKind,
    Name,
    Redirects,
    SavedName,
    Seconds,
    Server,
    Share,
    Statuses,
    Stream,
    Target,
    Template,
    ThinkTime,
    Url,
    Words,
)
from loadtui.scenario.trace import TraceHeader
from loadtui.scenario.upload import UploadPaths


class Part(BaseModel):
    """A mapping of the file. `called` is what an error calls it; `later`: known, and refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    called: ClassVar[str] = "this mapping"
    later: ClassVar[frozenset[str]] = frozenset()


class CheckPart(Part):
    """Everything that is given must hold."""

    called = "a check"

    status: Statuses = ()
    json_: JsonPath = Field("", alias="json")
    is_: Any = Field(None, alias="is")
    header: Words = ""
    body: Words = ""
    duration: Lasting | None = None


class RequestPart(Part):
    """One request of an iteration."""

    called = "a request"

    name: Name = ""
    method: Method = "GET"
    url: Url
    headers: dict[str, Template] = {}
    cookies: dict[str, Template] = {}
    json_: Any = Field(None, alias="json")
    body: Template | None = None
    form: dict[str, Template] | None = None
    file: UploadPaths | None = None
    tags: dict[str, Name] = {}
    checks: dict[str, CheckPart] = {}
    save: dict[SavedName, JsonPath] = {}
    count: dict[str, Words] = {}
    think: ThinkTime = Think()
    expect: Statuses = ((200, 399),)
    timeout: Lasting | None = None


class TimeoutPart(Part):
    """Seconds to connect, and for a whole request."""

    called = "timeout"

    connect: Lasting = 30.0
    request: Lasting = 60.0


class TlsPart(Part):
    """Paths are relative to the file."""

    called = "tls"

    verify: Flag = True
    ca: Name = ""
    cert: Name = ""
    key: Name = ""
    server_name: Name = ""


class StagePart(Part):
    """A straight line to a target."""

    called = "a stage"

    duration: Seconds
    target: Amount


Stage = Annotated[StagePart, BeforeValidator(stage_of)]


class LoadPart(Part):
    """How much, until a hand changes it: one executor in k6's words. `load_rules` looks across."""

    called = "load"
    later = frozenset({"env"})

    executor: ExecutorName = ""
    profile: ProfileName = ""
    exec: Name = ""
    startTime: Seconds = 0.0  # noqa: N815 - k6's words, here and below
    gracefulStop: Seconds = 30.0  # noqa: N815
    pacing: Seconds = 0.0
    tags: dict[str, Name] = {}
    vus: Count = 1
    duration: Lasting | None = None
    iterations: Count = 1
    maxDuration: Lasting = 600.0  # noqa: N815
    startVUs: Amount = 1  # noqa: N815
    stages: Annotated[list[Stage], Field(min_length=1)] = []
    gracefulRampDown: Seconds = 30.0  # noqa: N815
    rate: Count | None = None
    startRate: Amount = 0  # noqa: N815
    timeUnit: Lasting = 1.0  # noqa: N815
    preAllocatedVUs: Count | None = None  # noqa: N815
    maxVUs: Count | None = None  # noqa: N815


class ThresholdPart(Part):
    """A threshold with its abort rule."""

    called = "a threshold"

    threshold: Words
    abortOnFail: Flag = False  # noqa: N815 - k6's word
    delayAbortEval: Seconds = 0.0  # noqa: N815 - k6's word


class ProxyPart(Part):
    """A proxy that is created where it is missing."""

    called = "a proxy"

    listen: Address
    upstream: Address


class FaultPart(Part):
    """A fault by hand, or at a time of its own; `fault_rules` and `timed_rules` look across."""

    called = "a fault"

    proxy: Name
    toxic: Name | None = None
    stream: Stream = "downstream"
    toxicity: Share = 1.0
    attributes: dict[str, Any] = {}
    down: Flag = False
    at: Seconds | None = None
    for_: Lasting | None = Field(None, alias="for")


class ChaosPart(Part):
    """The Toxiproxy server, its proxies, and what may be broken."""

    called = "chaos"

    toxiproxy: Server = ""
    proxies: dict[str, ProxyPart] = {}
    faults: dict[str, FaultPart] = {}


class DataPart(Part):
    """A file of rows; `data_rules` read it."""

    called = "data"

    file: Name
    pick: DataPick = "in-order"
    at_end: DataEnd | None = None


class TracingPart(Part):
    """Headers by which a tracing system finds what a run sent."""

    called = "tracing"

    sample: Share = 0.01
    headers: Annotated[list[TraceHeader], Field(min_length=1)] = list(HEADERS)

    @property
    def value(self) -> Tracing:
        """As the model has it."""
        return Tracing(self.sample, tuple(self.headers))


class WatchPart(Part):
    """A process, by its id or by the file that holds it; `watch_rules` look for it."""

    called = "a watched process"

    pid: Count | None = None
    pidfile: Name = ""


class GuardPart(Part):
    """Ceilings that no key raises."""

    called = "guard"

    allow: list[Host] = []
    max_vus: Count = 1000
    max_rate: Count = 20_000
    max_duration: Lasting = 6 * 3600.0
    ttl: Lasting = 300.0
    dead_man: Lasting | None = None


def code_or(value: object, read: Callable[[object], Any]) -> Any:  # noqa: ANN401 - as pydantic
    """A text as it is: `journey_rules` look at it. Anything else must be a list of requests."""
    return value if isinstance(value, str) else read(value)


def _as(key: str) -> BeforeValidator:
    """A part that may be written short: its `key` alone."""
    return BeforeValidator(lambda value: value if isinstance(value, dict | Part) else {key: value})


Timeout = Annotated[TimeoutPart, _as("request")]
Threshold = Annotated[ThresholdPart, _as("threshold")]
Data = Annotated[DataPart, _as("file")]
Thresholds = Annotated[list[Threshold], Field(min_length=1)]

Requests = Annotated[list[RequestPart], Field(min_length=1)]
Iteration = Annotated[Requests, WrapValidator(code_or)]
"""Requests, or a text: the name of code. Which one it is, whoever reads it asks."""


class FilePart(Part):
    """A whole scenario file."""

    called = "a scenario"
    later = frozenset({"experiments", "profiles"})

    name: Name = ""
    description: Words = ""
    owner: Words = ""
    target: Target = ""
    extends: Name = ""
    tags: dict[str, Name] = {}
    headers: dict[str, Template] = {}
    cookies: dict[str, Template] = {}
    timeout: Timeout = TimeoutPart()
    redirects: Redirects = 10
    client: Client = "http1"
    connections: Connections = "per-vu"
    max_age: Lasting | None = None
    tls: TlsPart = TlsPart()
    requests: Requests = []
    journey: Name = ""
    journeys: Annotated[dict[EntryName, Iteration], Field(min_length=1)] = {}
    metrics: dict[str, MetricKind] = {}
    data: dict[DataName, Data] = {}
    load: LoadPart | None = None
    scenarios: dict[EntryName, LoadPart] = {}
    thresholds: dict[str, Thresholds] = {}
    tracing: TracingPart | None = None
    watch: dict[EntryName, WatchPart] = {}
    chaos: ChaosPart = ChaosPart()
    guard: GuardPart = GuardPart()

    @property
    def profile(self) -> str:
        """The profile of `load`, "" for none."""
        return self.load.profile if self.load is not None else ""
