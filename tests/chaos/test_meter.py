from __future__ import annotations

import pytest

from loadtui.chaos.meter import Meter
from loadtui.chaos.reply import Counted, counters
from loadtui.model.toxic import Traffic


def test_the_second_reading_tells_the_rate() -> None:
    meter = Meter()
    assert meter.read({"db": Counted(3, 1000)}, 10.0) == {"db": Traffic(3)}
    assert meter.read({"db": Counted(4, 5000)}, 12.0) == {"db": Traffic(4, 2000.0)}
    assert meter.read({"db": Counted(0, 5000)}, 13.0) == {"db": Traffic(0, 0.0)}


def test_readings_in_quick_succession_keep_the_rate_and_tell_the_connections() -> None:
    meter = Meter()
    meter.read({"db": Counted(1, 0)}, 10.0)
    meter.read({"db": Counted(1, 1000)}, 11.0)
    assert meter.read({"db": Counted(2, 1900)}, 11.01) == {"db": Traffic(2, 1000.0)}
    assert meter.read({"db": Counted(2, 3000)}, 12.0) == {"db": Traffic(2, 2000.0)}


@pytest.mark.parametrize(
    ("later", "now"),
    [
        pytest.param({"db": Counted(1, 10)}, 12.0, id="the counter went back"),
        pytest.param({"db": Counted(1, 9000)}, 9.0, id="the clock went back"),
    ],
)
def test_what_began_anew_has_no_rate(later: dict[str, Counted], now: float) -> None:
    meter = Meter()
    meter.read({"db": Counted(1, 5000)}, 10.0)
    assert meter.read(later, now) == {"db": Traffic(1)}


def test_a_proxy_that_is_new_has_no_rate_yet() -> None:
    meter = Meter()
    meter.read({"db": Counted(1, 0)}, 10.0)
    found = meter.read({"db": Counted(1, 50), "api": Counted(1, 7000)}, 11.0)
    assert found == {"db": Traffic(1, 50.0), "api": Traffic(1)}


@pytest.mark.parametrize(
    ("payload", "counted"),
    [
        (
            {"db": {"connections": 2, "bytes": {"upstream": 3, "downstream": 4}}},
            {"db": Counted(2, 7)},
        ),
        ({"db": {"name": "db", "Logger": {}}}, {}),
        ({"db": {"connections": "many", "bytes": {}}}, {}),
        ([], {}),
    ],
)
def test_a_server_without_counters_counts_nothing(
    payload: object, counted: dict[str, Counted]
) -> None:
    assert counters(payload) == counted
