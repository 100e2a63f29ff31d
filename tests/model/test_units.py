from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.errors import BadInput
from loadtui.model import units


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("500ms", 0.5),
        ("1s", 1),
        ("2m", 120),
        ("4h", 14400),
        ("1m30s", 90),
        ("1d2h", 93600),
        ("1.5s", 1.5),
        (".5s", 0.5),
        ("250us", 0.00025),
        ("250µs", 0.00025),
        (" 10s ", 10),
        ("0", 0),
        ("0s", 0),
    ],
)
def test_durations_carry_a_unit(text: str, value: float) -> None:
    assert units.parse_duration(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("30", "the duration 30 has no unit; write 30s or 30ms"),
        ("1.5", "the duration 1.5 has no unit; write 1.5s or 1.5ms"),
        ("-5", "the duration -5 has no unit; it cannot be negative"),
        ("", "'' is not a duration; write 500ms, 10s, 1m30s or 4h"),
        ("10 s", "'10 s' is not a duration; write 500ms, 10s, 1m30s or 4h"),
        ("-5s", "'-5s' is not a duration; write 500ms, 10s, 1m30s or 4h"),
        ("5sec", "'5sec' is not a duration; write 500ms, 10s, 1m30s or 4h"),
        ("1e3s", "'1e3s' is not a duration; write 500ms, 10s, 1m30s or 4h"),
        ("٣s", "'٣s' is not a duration; write 500ms, 10s, 1m30s or 4h"),
        ("99999999h", "the duration 99999999h is longer than ten years; shorten it"),
    ],
)
def test_other_durations_are_refused(text: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        units.parse_duration(text)
    assert str(refused.value) == says


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0ms"),
        (0.00025, "250us"),
        (0.5, "500ms"),
        (1, "1s"),
        (1.5, "1.5s"),
        (90, "1m30s"),
        (7200, "2h"),
        (5400, "1h30m"),
    ],
)
def test_durations_are_written_short(value: float, text: str) -> None:
    assert units.duration(value) == text


@given(st.integers(1, 10**9))
def test_a_written_duration_reads_back(millis: int) -> None:
    assert units.parse_duration(units.duration(millis / 1000)) == pytest.approx(millis / 1000)


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (units.grouped(71528), "71\u00a0528"),
        (units.grouped(999), "999"),
        (units.grouped(-1234567), "-1\u00a0234\u00a0567"),
        (units.number(0.349), "0.35"),
        (units.number(8.4), "8.4"),
        (units.number(9.996), "10.0"),
        (units.number(42.13), "42.1"),
        (units.number(99.96), "100"),
        (units.number(2250.4), "2\u00a0250"),
        (units.number(0), "0"),
        (units.number(float("inf")), "inf"),
        (units.milliseconds(None), "–"),
        (units.milliseconds(214.3), "214\u00a0ms"),
        (units.milliseconds(95_000), "95.0\u00a0s"),
        (units.share(None), "–"),
        (units.share(0.0), "0\u00a0%"),
        (units.share(0.00001), "<\u00a00.01\u00a0%"),
        (units.share(0.0012), "0.12\u00a0%"),
        (units.share(0.05), "5\u00a0%"),
        (units.share(0.6667), "66.7\u00a0%"),
        (units.share(0.9996), "99.96\u00a0%"),
        (units.share(0.999999), ">\u00a099.99\u00a0%"),
        (units.share(1.0), "100\u00a0%"),
        (units.size(964), "964\u00a0B"),
        (units.size(3100), "3.1\u00a0kB"),
        (units.size(999_600), "1\u00a0MB"),
        (units.size(1_230_000_000), "1.23\u00a0GB"),
        (units.size(5e15), "5\u00a0000\u00a0TB"),
    ],
)
def test_numbers_are_written_for_people(shown: str, text: str) -> None:
    assert shown == text


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_share_never_rounds_to_nothing_or_to_all(value: float) -> None:
    assert units.share(value) not in {"0\u00a0%", "100\u00a0%"}


def test_headers_split_at_the_first_colon() -> None:
    assert units.header("x-time: 10:30") == ("x-time", "10:30")
    with pytest.raises(BadInput, match="write it as 'Name: value'"):
        units.header("x-time")
    with pytest.raises(BadInput, match="not a header"):
        units.header(": v")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("db:5432", ("db", 5432)),
        ("[::1]:65535", ("::1", 65535)),
    ],
)
def test_addresses_are_host_and_port(text: str, parts: tuple[str, int]) -> None:
    assert units.address(text) == parts


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "http://db:5432/x",
            "'http://db:5432/x' is a URL, not an address; write host:port, here db:5432",
        ),
        ("db", "'db' is not an address; write host:port, such as 127.0.0.1:80"),
        ("db:", "'db:' is not an address; write host:port, such as 127.0.0.1:80"),
        (
            ":80",
            "the address ':80' names no host; write 127.0.0.1:80, or the address that is meant",
        ),
        ("db:0", "the port 0 does not exist; ports go from 1 to 65535"),
        ("db:70000", "the port 70000 does not exist; ports go from 1 to 65535"),
        ("a b:1", "'a b:1' is not an address; write host:port, such as 127.0.0.1:80"),
    ],
)
def test_other_addresses_are_refused_with_the_mend(text: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        units.address(text)
    assert str(refused.value) == says


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("02:10", 130), ("0:05", 5), ("1:02:10", 3730), ("130s", 130), ("2m", 120)],
)
def test_moments_of_a_session_are_written_as_the_clock_shows_them(
    text: str, seconds: float
) -> None:
    assert units.parse_moment(text) == seconds


@pytest.mark.parametrize("text", ["2:60", "x", "1:2:3:4", "", "٣:١٠"])
def test_other_texts_are_no_moments(text: str) -> None:
    with pytest.raises(BadInput):
        units.parse_moment(text)
