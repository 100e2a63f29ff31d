"""What a journey's WebSockets and event streams have in common: their place in the records."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Protocol

from loadtui.load.exchange import Exchange
from loadtui.load.failure import Failure
from loadtui.load.head import Call
from loadtui.load.journey_http import Context
from loadtui.load.prepared_journey import PreparedJourney
from loadtui.load.values import Values
from loadtui.measure.recorder import Series


class Engine(Protocol):
    """The VU behind them, which waits and records."""

    @property
    def now(self) -> float:
        """Seconds of the clock that records are in."""

    async def admit(self) -> None:
        """Wait while load is held."""

    def with_kept(self, call: Call) -> Call:
        """The call with the VU's cookies."""

    def count(self, exchange: Exchange, series: Series, expected: frozenset[int]) -> None:
        """Record a request."""


class Place:
    """One journey in one VU."""

    __slots__ = ("context", "engine", "journey", "values")

    def __init__(
        self, engine: Engine, journey: PreparedJourney, values: Values, context: Context
    ) -> None:
        """Keep them."""
        self.engine, self.journey, self.values = engine, journey, values
        self.context = context


class Failing(ABC):
    """What a journey reads of a session that may have failed."""

    __slots__ = ()

    @property
    @abstractmethod
    def _failure(self) -> Failure:
        """Why, "" for its kind while there is none."""

    @property
    def error(self) -> str:
        """The kind of failure, "" for none."""
        return self._failure.kind

    @property
    def detail(self) -> str:
        """More about the failure."""
        return self._failure.detail


class Record:
    """Where one session is recorded: tags and group are those of its opening."""

    __slots__ = ("_bytes", "_place", "_tags", "began", "name", "series")

    def __init__(
        self, place: Place, method: str, name: str, tags: Mapping[str, object] | None
    ) -> None:
        """It begins now."""
        marks = place.context.marks
        self._place, self.name, self.began = place, name, place.engine.now
        self.series = place.journey.series(method, name, marks, tags)
        place.context.last = self.series
        self._bytes = 0, 0
        self._tags = place.journey.tags(marks, {"name": name, "url": name, **(tags or {})})

    def tag(self, **more: object) -> None:
        """Tag what follows with what was found out."""
        self._tags = self._place.journey.tags(self._tags, more)

    def count(self, metric: str, value: float = 1.0) -> None:
        """Add to a counter."""
        self._place.journey.recorder.counter(metric, value, self._tags, at=self._place.engine.now)

    def time(self, metric: str, seconds: float | None = None) -> None:
        """Add to a trend of milliseconds; by default those since the beginning."""
        now = self._place.engine.now
        lasted = now - self.began if seconds is None else seconds
        self._place.journey.recorder.trend(metric, lasted * 1e3, self._tags, at=now)

    def rate(self, metric: str, *, so: bool) -> None:
        """Count one that was so, or not."""
        self._place.journey.recorder.rate(metric, float(so), self._tags, at=self._place.engine.now)

    def bytes(self, come: int, gone: int) -> None:
        """Record what crossed the wire since the last time, of so many bytes in all."""
        known_in, known_out = self._bytes
        if (come, gone) != self._bytes:
            cell = self.series.at(int(self._place.engine.now))
            cell.bytes_in += come - known_in
            cell.bytes_out += gone - known_out
            self._bytes = come, gone

    def cut(self) -> None:
        """A hard stop ended it: neither failed nor timed."""
        self.series.at(int(self._place.engine.now)).cut += 1
