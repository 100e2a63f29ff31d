"""A journal of format 1 brought into today's: it has no screens, so that they are made anew.

Charts, totals, endpoints, thresholds, timeline and the load are shown as they were; faults,
comparisons and what the generator said in words were not written then.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any, BinaryIO

import msgspec

from loadtui.measure.judge import unit
from loadtui.measure.tally import reasons
from loadtui.model.generator import Generator
from loadtui.model.marker import Marker
from loadtui.model.metric import METRICS
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import Endpoint, Phase, Snapshot, Stats
from loadtui.model.verdict import ThresholdStatus
from loadtui.model.watch import Watched
from loadtui.session.difference import difference
from loadtui.session.journal import line
from loadtui.session.rebuilt import Rebuilt
from loadtui.session.second_line import SecondLine
from loadtui.session.total import total_of
from loadtui.session.verdicts import label
from loadtui.session.view import CHART, TREND

NOW = 10
WHOLE = 60
"""Screens between two whole ones."""


class _Header(msgspec.Struct, frozen=True):
    scenario: dict[str, Any] = {}


class _Marker(msgspec.Struct, frozen=True):
    marker: Marker


class _State(msgspec.Struct, frozen=True, rename={"at": "t"}):
    at: float
    wall: float
    phase: Phase
    target: int = 0
    active: int = 0
    draining: int = 0
    now: Stats = Stats()
    thresholds: tuple[tuple[float | None, bool | None, float | None, bool | None], ...] = ()
    generator: Generator = Generator()
    watched: tuple[Watched, ...] = ()


class _Kind(msgspec.Struct, frozen=True):
    k: str


class Upgrade:
    """Takes the lines of format 1 in their order and makes those of today's."""

    def __init__(self) -> None:
        """Start before the first line."""
        self._made, self._screens = 0, 0
        self._shown: Snapshot | None = None
        self._header = _Header()
        self._markers: dict[int, Marker] = {}
        self._rebuilt = Rebuilt(None)
        self._active = 0

    def lines(self, raw: bytes) -> Sequence[bytes]:
        """What becomes of one line; raises ValueError for one that is none."""
        match msgspec.json.decode(raw, type=_Kind).k:
            case "header":
                self._header = msgspec.json.decode(raw, type=_Header)
                self._rebuilt = Rebuilt(_scenario(self._header.scenario))
                return (self._line("header", 0.0, {**msgspec.json.decode(raw), "journal": 2}),)
            case "marker":
                marker = msgspec.json.decode(raw, type=_Marker).marker
                self._markers[marker.number] = marker
            case "second":
                second = msgspec.json.decode(raw, type=SecondLine)
                self._rebuilt.add(second, self._active)
                return (self._line("second", second.at, msgspec.json.decode(raw)),)
            case "state":
                return (self._screen(msgspec.json.decode(raw, type=_State)),)
            case _:
                pass
        return ()

    def _line(self, kind: str, at: float, fields: dict[str, Any]) -> bytes:
        said = {key: value for key, value in fields.items() if key not in {"k", "t", "n", "crc"}}
        self._made += 1
        return line(kind, at, self._made - 1, said)

    def _screen(self, state: _State) -> bytes:
        self._active = state.active
        before, self._shown = self._shown, self._snapshot(state)
        is_whole = before is None or self._screens % WHOLE == 0 or before == self._shown
        what = {"whole": self._shown} if is_whole else {"new": difference(before, self._shown)}
        self._screens += 1
        plain = msgspec.to_builtins({"screen": self._screens - 1, **what}, str_keys=True)
        return self._line("screen", state.at, plain)

    def _snapshot(self, state: _State) -> Snapshot:
        store, scenario = self._rebuilt.store, self._rebuilt.scenario
        second = int(state.at)
        store.refresh(second, 0.0)
        last = store.window(second - NOW, second)
        plain = self._header.scenario
        return Snapshot(
            at=state.at,
            wall=state.wall,
            phase=state.phase,
            name=str(plain.get("name", "")),
            target_url=str(plain.get("target", "")),
            target=state.target,
            active=state.active,
            draining=state.draining,
            max_vus=scenario.guard.max_vus,
            now=state.now,
            errors_now={why: count / NOW for why, count in reasons(last).items()},
            total=total_of(store),
            points=store.last_points(CHART),
            endpoints=self._endpoints(second),
            thresholds=_thresholds(scenario, state),
            generator=state.generator,
            watched=state.watched,
            markers=tuple(self._markers[number] for number in sorted(self._markers)),
        )

    def _endpoints(self, second: int) -> tuple[Endpoint, ...]:
        store = self._rebuilt.store
        methods = {each.name: each.method for each in self._rebuilt.scenario.all_requests}
        names = dict.fromkeys((*methods, *store.totals))
        return tuple(
            Endpoint(
                name=name,
                method=methods.get(name, ""),
                now=store.stats(second - NOW, second, frozenset({name})),
                trend=store.trend(name, TREND),
            )
            for name in names
        )


def _scenario(plain: dict[str, Any]) -> Scenario | None:
    try:
        return msgspec.convert(plain, Scenario, str_keys=True)
    except msgspec.ValidationError:
        return None


def _thresholds(scenario: Scenario, state: _State) -> tuple[ThresholdStatus, ...]:
    pairs = zip(scenario.thresholds, state.thresholds, strict=False)
    return tuple(
        ThresholdStatus(
            label(each),
            now,
            now_ok,
            run,
            run_ok,
            unit=unit(each, METRICS.get(each.metric, "counter")),
        )
        for each, (now, now_ok, run, run_ok) in pairs
    )


def upgraded(file: BinaryIO, most: int) -> BinaryIO:
    """A journal of format 1, read from its beginning, as one of today's; lines that are none are
    left out. `most`: bytes of a line.
    """
    made: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - its reader closes it
    work = Upgrade()
    file.seek(0)
    with file:
        while raw := file.readline(most):
            try:
                made.writelines(work.lines(raw))
            except (ValueError, RecursionError):
                continue
    return made
