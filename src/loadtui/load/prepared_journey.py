"""A Python journey made ready in a worker: what is the same for all its VUs and requests."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from loadtui.load.deck import Deck
from loadtui.load.journey_call import Calls
from loadtui.load.journey_import import Function, imported, told
from loadtui.load.streams import NotInstalled, Streams
from loadtui.measure.recorder import Recorder, Series
from loadtui.model.frame import NOTHING
from loadtui.model.journey import Code
from loadtui.model.scenario import Scenario
from loadtui.model.tags import Tags, tagset

T = TypeVar("T")

KEPT = 4096
"""Combinations of method, name and tags whose series is remembered."""


class PreparedJourney:
    """One entry's journey. `tags`: those of every sample of the entry.

    `env`: what `vu.env` shows. `metrics`: declared name → type. `streams`: what connections of the
    journey's own stand on.
    """

    streams: Streams

    def __init__(
        self,
        code: Code,
        function: Function,
        recorder: Recorder,
        tags: Mapping[str, str],
        say: Callable[[str], None],
    ) -> None:
        """Nothing is sent yet."""
        self.function, self.recorder, self.say = function, recorder, say
        self.abort = say
        """Told once why a journey asks to end the run."""
        self.name, self.timeout = code.written, code.timeout
        self.env: Mapping[str, str] = {}
        self.metrics: Mapping[str, str] = {}
        self.given: Mapping[str, bytes] = {}
        self.decks: Mapping[str, Deck] = {}
        self.used: dict[str, Deck] = {}
        """Data sources that the journey has asked for."""
        self._tags = dict(tags)
        self._file, self._folder = code.file, str(Path(code.file).parent)
        self.calls = Calls(code)
        self._series: dict[object, Series] = {}
        self._tag_sets: dict[object, Tags] = {}
        self._told: set[object] = set()

    def setup_data(self) -> Any:  # noqa: ANN401 - what somebody's setup returned
        """What the file's `setup` returned, made anew for each that asks."""
        return msgspec.json.decode(self.given.get(self._file, NOTHING))

    @property
    def exhausted(self) -> Deck | None:
        """A source that it asks for, has no row left, and ends the plan."""
        decks = self.used.values()
        return next((each for each in decks if each.source.at_end == "stop" and each.is_over), None)

    # -- records -----------------------------------------------------------------------------

    def series(
        self, method: str, name: str, marks: Tags, own: Mapping[str, object] | None
    ) -> Series:
        """The series of a request; `marks`: the VU's tags and group."""
        key = (method, name, marks, tuple(own.items()) if own else ())
        try:
            return self._series[key]
        except KeyError:
            tags = tagset({"method": method}, self._tags, dict(marks), _texts(own))
            return self._remember(self._series, key, self.recorder.series(name, tags))

    def checked(self, series: Series, own: Mapping[str, object]) -> Series:
        """The series of checks that have tags of their own."""
        key = (series, tuple(own.items()))
        try:
            return self._series[key]
        except KeyError:
            tags = tagset(dict(series.tags), _texts(own))
            return self._remember(self._series, key, self.recorder.series(series.name, tags))

    def tags(self, marks: Tags, own: Mapping[str, object] | None) -> Tags:
        """Tags of a sample of a metric."""
        key = (marks, tuple(own.items()) if own else ())
        try:
            return self._tag_sets[key]
        except KeyError:
            tags = tagset(self._tags, dict(marks), _texts(own))
            return self._remember(self._tag_sets, key, tags)

    @staticmethod
    def _remember(known: dict[object, T], key: object, value: T) -> T:
        if len(known) >= KEPT:
            known.clear()
        known[key] = value
        return value

    # -- trouble -----------------------------------------------------------------------------

    def raised(self, error: BaseException) -> None:
        """Tell of an iteration that raised: once for each place and type."""
        words = told(error, self._folder)
        key = words.partition(": ")[0], type(error)
        if key not in self._told and len(self._told) < KEPT:
            self._told.add(key)
            traceback.print_exception(error, file=sys.stderr)
            self.say(f"journey {words}; such an iteration counts as failed")

    def lacks(self, error: NotInstalled) -> None:
        """Tell of a package that is not there."""
        place = told(error, self._folder).partition(": ")[0]
        self.say(f"journey {place}: {error}")

    def check_raised(self, name: str, error: BaseException) -> None:
        """Tell of a check that raised, once for each."""
        key = "check", name, type(error)
        if key not in self._told and len(self._told) < KEPT:
            self._told.add(key)
            self.say(f"check {name!r} raised and counts as failed: {told(error, self._folder)}")


def prepared(
    code: Code,
    scenario: Scenario,
    recorder: Recorder,
    tags: Mapping[str, str],
    say: Callable[[str], None],
    streams: Streams,
) -> PreparedJourney:
    """Import the code for one entry; raises ValueError with a sentence when that fails."""
    out = PreparedJourney(code, imported(code), recorder, tags, say)
    out.env = MappingProxyType({**os.environ, **scenario.env})
    out.metrics, out.streams = scenario.metrics, streams
    return out


def folders_of(scenario: Scenario) -> frozenset[str]:
    """Where the authors of a scenario's journeys have their files."""
    codes = (scenario.code, *(each.code for each in scenario.journeys))
    return frozenset(str(Path(code.file).parent) for code in codes if code is not None)


def encoded(value: object) -> bytes:
    """Compact JSON; ValueError with a sentence for what JSON has no form for."""
    try:
        return msgspec.json.encode(value)
    except (TypeError, OverflowError) as error:
        raise ValueError(f"json= cannot be sent: {error}") from None


def _texts(tags: Mapping[str, object] | None) -> dict[str, str]:
    return {name: str(value) for name, value in tags.items()} if tags else {}
