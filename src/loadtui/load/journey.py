"""What a Python journey is given: one virtual user."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn, Protocol, Unpack

from loadtui.load import journey_http, journey_stream
from loadtui.load.journey_data import Data
from loadtui.load.journey_http import Context, Http
from loadtui.load.journey_metrics import Metric, Metrics
from loadtui.load.journey_sse import Events, SseOptions
from loadtui.load.journey_stream import Place
from loadtui.load.journey_ws import WebSockets
from loadtui.load.prepared_journey import PreparedJourney
from loadtui.load.response import Response
from loadtui.load.streams import require
from loadtui.load.values import Values
from loadtui.model.tags import Tags

_UNREAD = object()


class Abort(BaseException):
    """Asks to end the run; no `except Exception` of a journey has it."""


class Engine(journey_http.Engine, journey_stream.Engine, Protocol):
    """The VU that runs the journey."""

    @property
    def now(self) -> float:
        """Seconds of the clock that records are in."""

    @property
    def paused(self) -> float:
        """Seconds of this iteration for which load was held."""

    async def think(self, low: float, high: float) -> None:
        """Think for a time between both, and for as long as load is held."""


class Vu:
    """One virtual user, as a journey sees it.

    `http` sends requests in httpx's words, `ws` opens WebSockets. `state` is a dict of the
    journey's own that lives from iteration to iteration; `tags` go on everything that is recorded
    from now on, until taken out. `metrics` are those that the scenario declares, `env` is
    the environment with what `-e` gave, `data` has a row of each data file for this iteration.
    """

    __slots__ = (
        "_context",
        "_engine",
        "_journey",
        "_place",
        "_setup_data",
        "_values",
        "data",
        "env",
        "http",
        "metrics",
        "state",
        "ws",
    )

    def __init__(self, engine: Engine, journey: PreparedJourney, values: Values) -> None:
        """Begin before the first iteration."""
        self._engine, self._journey, self._values = engine, journey, values
        self._context = Context()
        self.http = Http(engine, journey, values, self._context)
        self._place = Place(engine, journey, values, self._context)
        self.ws = WebSockets(self._place)
        self.state: dict[Any, Any] = {}
        self.data = Data(journey.decks, journey.used)
        self.env: Mapping[str, str] = journey.env
        self._setup_data: Any = _UNREAD
        self.metrics = Metrics(journey.metrics, self._metric)

    @property
    def id(self) -> int:
        """The VU's number, from 1."""
        return self._values.vu

    @property
    def iteration(self) -> int:
        """The iteration's number within this VU, from 0."""
        return self._values.iteration

    @property
    def setup_data(self) -> Any:  # noqa: ANN401 - what somebody's setup returned
        """What `setup` returned, None without one; each user has a copy of its own."""
        if self._setup_data is _UNREAD:
            self._setup_data = self._journey.setup_data()
        return self._setup_data

    @property
    def tags(self) -> dict[str, Any]:
        """Tags of everything that this VU records; put in and take out at will."""
        return self._context.tags

    def sse(self, url: str, **options: Unpack[SseOptions]) -> Events:
        """A stream of server-sent events that `async with` opens; a relative URL continues the
        target.

        Raises NotInstalled, with a sentence, without the package httpx-sse, and ValueError for what
        must not be sent.
        """
        require("server-sent events", "httpx_sse")
        return Events(self._place, url, options)

    async def sleep(self, low: float, high: float | None = None) -> None:
        """Think for `low` seconds, or for a time drawn between both."""
        if low < 0 or (high is not None and high < low):
            raise ValueError(
                f"a VU cannot sleep for {low:g} to {low if high is None else high:g} s"
            )
        await self._engine.think(low, low if high is None else high)

    def abort(self, why: str = "") -> NoReturn:
        """End the whole run, with exit code 108; whatever else is in flight is cut."""
        raise Abort(why or "vu.abort() was called")

    def check(
        self,
        subject: Response | object,
        checks: Mapping[str, object],
        tags: Mapping[str, object] | None = None,
    ) -> bool:
        """Count each check as passed or failed; return whether all passed.

        A check is a value, or a function that is given `subject`; one that raises has failed, and
        the others are still asked. Those of a Response are counted with its request, others with
        the request before.
        """
        journey = self._journey
        series = subject.series if isinstance(subject, Response) else self._context.last
        if series is None:
            series = journey.series("", journey.name, self._context.marks, None)
        if tags:
            series = journey.checked(series, tags)
        cell, is_good = series.at(int(self._engine.now)), True
        for name, value in checks.items():
            passed = self._holds(name, value, subject) if callable(value) else bool(value)
            cell.check(name, passed=passed)
            is_good = is_good and passed
        return is_good

    def _holds(self, name: str, check: Callable[[Any], object], subject: object) -> bool:
        try:
            found = check(subject)
            if asyncio.iscoroutine(found):
                found.close()
                raise TypeError("a check must be no async function")
            return bool(found)
        except Exception as error:  # noqa: BLE001 - somebody else's code may raise anything
            self._journey.check_raised(name, error)
            return False

    @contextmanager
    def group(self, name: str) -> Iterator[None]:
        """Tag what is recorded within with the group's path, `::outer::inner`, and time it as
        `group_duration`.
        """
        if not name or "::" in name:
            raise ValueError(f"{name!r} is no name of a group: it must hold something, and no ::")
        context, engine = self._context, self._engine
        outside, context.group = context.group, f"{context.group}::{name}"
        began, paused = engine.now, engine.paused
        try:
            yield
        except asyncio.CancelledError:
            context.group = outside
            raise
        except BaseException:
            self._time(began, paused)
            context.group = outside
            raise
        self._time(began, paused)
        context.group = outside

    def _time(self, began: float, paused: float) -> None:
        engine, journey = self._engine, self._journey
        now = engine.now
        lasted = (now - began - (engine.paused - paused)) * 1e3
        tags = journey.tags(self._context.marks, None)
        journey.recorder.trend("group_duration", lasted, tags, at=now)

    def _metric(self, name: str, kind: str) -> Metric:
        to = self._journey.recorder
        takes = {"counter": to.counter, "gauge": to.gauge, "rate": to.rate, "trend": to.trend}

        def tags(own: Mapping[str, object] | None) -> Tags:
            return self._journey.tags(self._context.marks, own)

        return Metric(name, takes[kind], self._clock, tags)

    def _clock(self) -> float:
        return self._engine.now

    def begin(self, group: str = "") -> None:
        """Enter an iteration: outside of any group."""
        self._context.group = group
        self.data.begin()
