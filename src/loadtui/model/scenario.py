"""A scenario: what to send, how much, what must hold, what may be broken. One file, one value."""

from __future__ import annotations

from itertools import chain
from typing import Literal

import msgspec

from loadtui.model.data import DataSource
from loadtui.model.executor import Entry
from loadtui.model.journey import Code, Journey
from loadtui.model.request import RequestTemplate
from loadtui.model.threshold import Threshold
from loadtui.model.timed import Timed
from loadtui.model.toxic import Proxy, Toxic
from loadtui.model.watch import Watch


class Guard(msgspec.Struct, frozen=True):
    """Ceilings that no key raises. `allow`: host names or addresses off loopback that may be
    loaded. `max_duration`, `ttl`, `dead_man`: seconds; `ttl` is a fault's time-to-live. `dead_man`:
    how long nobody may touch a key while a fault is on or a hand drives the load, None for ever.
    """

    allow: tuple[str, ...] = ()
    max_vus: int = 1000
    max_rate: int = 20_000
    max_duration: float = 6 * 3600.0
    ttl: float = 300.0
    dead_man: float | None = None


class Tls(msgspec.Struct, frozen=True):
    """How servers are verified and how we present ourselves; paths are absolute."""

    verify: bool = True
    ca: str = ""
    cert: str = ""
    key: str = ""
    server_name: str = ""


ClientKind = Literal["http1", "httpx"]
"""The fast client of our own, or httpx, which also speaks HTTP/2 and through proxies."""

Reused = Literal["per-vu", "per-iteration", "none"]
"""For which span a connection serves more than one request."""


class FaultPreset(msgspec.Struct, frozen=True):
    """A fault that the chaos panel offers: a toxic, or the proxy down (toxic None).

    `at`: the plan's second at which it comes by itself, None for a fault by hand; `lasts`: seconds
    from then, None until the plan's end.
    """

    name: str
    proxy: str
    toxic: Toxic | None = None
    at: float | None = None
    lasts: float | None = None


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a session needs to know before it starts; fully validated."""

    name: str
    description: str = ""
    owner: str = ""
    target: str
    requests: tuple[RequestTemplate, ...] = ()
    code: Code | None = None
    """What an iteration does in place of `requests`."""
    journeys: tuple[Journey, ...] = ()
    """What entries choose from by name, in place of both."""
    env: dict[str, str] = {}
    """What `-e` gave to journeys, over the environment."""
    tags: dict[str, str] = {}
    scenarios: tuple[Entry, ...] = ()
    """What runs side by side once the plan begins; none: only a hand drives."""
    profile: str = ""
    """The profile whose load that is, "" for none."""
    time_scale: float = 1.0
    """How many times faster than written the plan goes; other than 1 it is a rehearsal."""
    rps: int = 0
    """Requests per second that all workers together send at most, 0 for no limit."""
    thresholds: tuple[Threshold, ...] = ()
    own_thresholds: tuple[Threshold, ...] = ()
    """Those of the file alone, where `profile` changed or added some."""
    metrics: dict[str, str] = {}
    guard: Guard = Guard()
    tls: Tls = Tls()
    redirects: int = 10
    connect_timeout: float = 30.0
    client: ClientKind = "http1"
    connections: Reused = "per-vu"
    max_age: float | None = None
    """Seconds after which a connection is replaced, None for no limit."""
    toxiproxy: str = ""
    proxies: tuple[Proxy, ...] = ()
    faults: tuple[FaultPreset, ...] = ()
    data: tuple[DataSource, ...] = ()
    watch: tuple[Watch, ...] = ()
    """Processes that are watched beside the load."""
    secrets: tuple[str, ...] = ()
    """Values that must never be written anywhere: those of secret-looking headers and variables."""

    @property
    def all_requests(self) -> tuple[RequestTemplate, ...]:
        """The requests of the file, whichever journey sends them."""
        return tuple(chain(self.requests, *(each.requests for each in self.journeys)))

    @property
    def timed(self) -> tuple[Timed, ...]:
        """The faults that come by themselves, in order of time."""
        found = (
            Timed(name=each.name, proxy=each.proxy, toxic=each.toxic, at=each.at, lasts=each.lasts)
            for each in self.faults
            if each.at is not None
        )
        return tuple(sorted(found, key=lambda each: each.at))

    @property
    def has_code(self) -> bool:
        """Whether there are requests, tags and checks that only Python knows."""
        return self.code is not None or any(each.code for each in self.journeys)

    def journey(self, entry: Entry) -> Journey:
        """What the iterations of an entry do; a name that is none means the first journey."""
        if not self.journeys:
            return Journey("", self.requests, self.code)
        named = {each.name: each for each in self.journeys}
        return named.get(entry.exec, self.journeys[0])
