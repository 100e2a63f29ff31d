"""The large chart: any number against any other."""

from __future__ import annotations

import pytest

from loadtui.model.history import Point
from loadtui.model.marker import Marker
from loadtui.outputs.explore import LEAST, MEASURES, TIME, Wish, explore
from loadtui.session.explore import turned

BY_NAME = {each.name: each for each in (TIME, *MEASURES)}


def point(at: float, **fields: object) -> Point:
    made = {"vus": 3, "rate": 10.0 * at, "p95": at, "p50": 1.0, "p99": 2.0, "high": 3.0}
    return Point(at=at, **{**made, "failed": 0.5, "timeouts": 0.0, **fields})  # type: ignore[arg-type]


POINTS = tuple(point(float(at)) for at in range(1, 121))


def dots(text: str) -> int:
    return sum("\u2801" <= ch <= "\u28ff" for ch in text)


@pytest.mark.parametrize("up", MEASURES, ids=lambda each: each.name)
@pytest.mark.parametrize("along", [TIME, *MEASURES], ids=lambda each: each.name)
@pytest.mark.parametrize("log", [False, True])
def test_everything_can_be_drawn_against_everything(up: object, along: object, log: bool) -> None:
    text = explore(POINTS, (), Wish(along=along, up=up, log=log), (80, 20))  # type: ignore[arg-type]
    assert not text or len(text.splitlines()) <= 20
    assert all(len(line) <= 80 for line in text.splitlines())


def test_time_is_written_as_a_clock() -> None:
    text = explore(POINTS, (), Wish(), (80, 20))
    assert dots(text) > 40
    assert "1:00" in text.splitlines()[-1]


def test_against_another_number_the_axis_has_its_scale() -> None:
    wish = Wish(along=BY_NAME["requests/s"], up=BY_NAME["p95 ms"])
    below = explore(POINTS, (), wish, (80, 20)).splitlines()[-1]
    assert "1\u00a0000" in below
    assert ":" not in below


def test_a_gap_stays_empty() -> None:
    holed = tuple(p for p in POINTS if not 40 < p.at <= 80)
    silent = tuple(point(p.at, p95=None) if 40 < p.at <= 80 else p for p in POINTS)
    whole = dots(explore(POINTS, (), Wish(), (80, 20)))
    for gap in (holed, silent):
        assert dots(explore(gap, (), Wish(), (80, 20))) < whole * 0.8


def test_with_too_little_room_or_too_little_measured_there_is_nothing() -> None:
    assert explore(POINTS, (), Wish(), (LEAST[0] - 1, 20)) == ""
    assert explore(POINTS[:1], (), Wish(), (80, 20)) == ""
    assert explore((), (), Wish(), (80, 20)) == ""


def test_turning_meets_every_pair_and_never_one_number_with_itself() -> None:
    wish, seen = Wish(), set()
    for _ in range(len(MEASURES)):
        wish = turned(wish, up=1)
        for _ in range(len(MEASURES) + 1):
            wish = turned(wish, along=1)
            assert wish.along is not wish.up
            seen.add((wish.along.name, wish.up.name))
    assert len(seen) >= len(MEASURES) ** 2 - len(MEASURES)
    assert turned(turned(Wish(), up=1), up=-1) == Wish()


def test_over_time_a_fault_is_a_line_with_its_number() -> None:
    fault = Marker(number=3, at=40.0, ended=70.0, kind="fault", what="latency payments")
    assert "③" in explore(POINTS, (fault,), Wish(), (80, 20))
    against = Wish(along=BY_NAME["requests/s"])
    assert "③" not in explore(POINTS, (fault,), against, (80, 20))
