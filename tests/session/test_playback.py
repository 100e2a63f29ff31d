"""Where a replay is: it never leaves the journal, whatever it is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.model.replay import ChangeSpeed, PlayOrPause, SeekBy, SeekMarker, SeekTo
from loadtui.session.playback import SPEEDS, Playback

MARKERS = (2.0, 5.0, 5.4, 40.0)
PLAY = Playback(length=60.0)


def test_time_goes_on_as_fast_as_the_speed_and_ends_at_the_end() -> None:
    assert PLAY.after(2.0).at == 2.0
    fast = PLAY.told(ChangeSpeed(1), ()).told(ChangeSpeed(1), ())
    assert fast.after(2.0).at == 8.0
    assert fast.after(1e6).at == 60.0


def test_a_pause_holds_still_and_the_end_begins_anew() -> None:
    paused = PLAY.moved(7.0).told(PlayOrPause(), ())
    assert paused.after(5.0).at == 7.0
    assert paused.told(PlayOrPause(), ()).after(1.0).at == 8.0
    assert PLAY.moved(60.0).told(PlayOrPause(), ()) == PLAY


@pytest.mark.parametrize(
    ("at", "by", "then"),
    [(0.0, 1, 2.0), (2.0, 1, 5.0), (5.0, 1, 40.0), (40.0, -1, 5.4), (1.0, -1, 1.0)],
)
def test_markers_are_steps_and_each_holds_still(at: float, by: int, then: float) -> None:
    moved = PLAY.moved(at).told(SeekMarker(by), MARKERS)
    assert (moved.at, moved.paused) == (then, True)


@given(
    st.lists(
        st.one_of(
            st.just(PlayOrPause()),
            st.builds(SeekTo, st.floats(allow_nan=False)),
            st.builds(SeekBy, st.floats(allow_nan=False, allow_infinity=False)),
            st.builds(SeekMarker, st.sampled_from((1, -1))),
            st.builds(ChangeSpeed, st.sampled_from((1, -1))),
            st.floats(0, 1e6),
        )
    )
)
def test_it_never_leaves_the_journal(steps: list[object]) -> None:
    play = PLAY
    for step in steps:
        play = play.after(step) if isinstance(step, float) else play.told(step, MARKERS)  # type: ignore[arg-type]
        assert 0.0 <= play.at <= play.length
        assert play.speed in SPEEDS
