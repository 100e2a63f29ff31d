"""When silence means something, by table and by all courses of events."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.arrivals import PROMPT
from loadtui.load.supervision import (
    HOPELESS,
    LOOK,
    MOST_BETWEEN,
    REPLACEMENTS,
    SILENT,
    STOPPED,
    WITHIN,
    Silence,
    decide,
    is_stopped,
    may_replace,
    unsettled,
)
from loadtui.model.executor import ConstantRate, ConstantVus, Entry


def silent_for(seconds: float, *, told: bool = False) -> Silence:
    return Silence(at=100.0, heard=3, seconds=seconds, told=told)


@pytest.mark.parametrize(
    ("seconds", "told", "stopped", "step"),
    [
        (0.0, False, False, ""),
        (STOPPED - 0.1, False, True, ""),
        (STOPPED, False, True, "end"),
        (STOPPED, False, False, ""),
        (SILENT, False, False, "tell"),
        (SILENT, True, False, ""),
        (HOPELESS - 0.1, True, False, ""),
        (HOPELESS, True, False, "end"),
        (0.0, True, False, "back"),
    ],
)
def test_what_follows_from_a_silence(seconds: float, told: bool, stopped: bool, step: str) -> None:
    after, found = decide(silent_for(seconds, told=told), is_stopped=stopped)
    assert found == step
    assert after.told == (step == "tell" or (told and step != "back"))


def test_all_is_seen_within_three_seconds() -> None:
    assert STOPPED + 2 * LOOK < 3.0
    assert SILENT + LOOK < 3.0


def test_a_session_that_slept_blames_no_worker() -> None:
    silence = Silence(at=100.0)
    woken = silence.look(100.0 + 3600.0, 0, is_read=True)
    assert woken.seconds == MOST_BETWEEN
    assert decide(woken, is_stopped=True)[1] == ""


def test_what_is_not_read_is_no_silence() -> None:
    assert silent_for(1.9).look(100.3, 3, is_read=False).seconds == 0


@given(
    st.lists(
        st.tuples(st.floats(0.01, 20.0), st.booleans(), st.booleans(), st.booleans()), max_size=60
    )
)
def test_only_silence_in_which_the_session_turned_and_read_ends_a_worker(
    looks: list[tuple[float, bool, bool, bool]],
) -> None:
    silence, now, heard, quiet_looks, told = Silence(at=0.0), 0.0, 0, 0, 0
    for passed, speaks, is_read, stopped in looks:
        now += passed
        heard += speaks
        silence, step = decide(silence.look(now, heard, is_read=is_read), is_stopped=stopped)
        quiet_looks = 0 if speaks or not is_read else quiet_looks + 1
        assert silence.seconds <= quiet_looks * MOST_BETWEEN + 1e-9
        if step == "end":
            assert quiet_looks * MOST_BETWEEN >= STOPPED - 1e-9
            return
        told += (step == "tell") - (step == "back")
        assert told == silence.told, "told once, and back once"


def test_replacements_are_bounded_within_a_minute() -> None:
    times = [float(i) for i in range(REPLACEMENTS)]
    assert may_replace(times[:-1], 10.0)
    assert not may_replace(times, 10.0)
    assert may_replace(times, WITHIN)


@pytest.mark.parametrize(
    ("elapsed", "wait"),
    [(-0.1, 0.0), (0.0, 1.0), (0.4, 0.6), (1.0, 0.0), (5.0, 0.0), (7.5, 0.5), (inf, 0.0)],
)
def test_a_fresh_worker_makes_up_for_no_start_of_the_lost_one(elapsed: float, wait: float) -> None:
    rate = ConstantRate(rate=10, duration=60.0, pre_allocated_vus=2, max_vus=2)
    entries = (Entry("a", rate), Entry("b", rate, start_time=7.0), Entry("c", ConstantVus(9.0, 2)))
    assert unsettled(entries, 0.0) == PROMPT
    assert unsettled(entries, elapsed) == pytest.approx(wait)
    assert unsettled(entries[2:], elapsed) == 0


@pytest.mark.parametrize(
    ("stat", "stopped"),
    [
        ("12 (python) T 1 12 12", True),
        ("12 (python) t 1 12 12", True),
        ("12 (a) T (b) S 1 12", False),
        ("12 (a ) b) T 1 12", True),
        ("12 (python) R 1 12 12", False),
        ("", False),
    ],
)
def test_the_state_stands_after_the_name_whatever_that_is(stat: str, stopped: bool) -> None:
    assert is_stopped(stat) is stopped
