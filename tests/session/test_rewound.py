"""What charts of a replay see further back: the same as those of the session did."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loadtui.model.command import Watch
from loadtui.model.history import History
from loadtui.session.recording import Recording, opened
from loadtui.session.replay import Replay
from tests.support.recorded import Recorded


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    made = Recorded(tmp_path_factory.mktemp("journal"), seconds=150)
    made.end()
    return made


@pytest.fixture
def recording(recorded: Recorded) -> Iterator[Recording]:
    with opened(recorded.path) as recording:
        yield recording


def live(recorded: Recorded, at: float) -> History:
    return next(s for s in reversed(recorded.shown) if s.at <= at).history


def history(recording: Recording, at: float, name: str = "", *, heat: bool = False) -> History:
    screen = recording.screen(recording.index(at))
    newest = screen.points[-1].at
    return recording.rewound().history(screen.at, newest, name, heat=heat)


@pytest.mark.parametrize("at", [30.0, 75.0, 149.0])
def test_all_requests_have_the_points_that_the_session_had(
    recorded: Recorded, recording: Recording, at: float
) -> None:
    seconds = tuple(p for p in live(recorded, at).points if p.span == 1)
    assert history(recording, at).points == seconds
    assert len(seconds) >= at - 3


@pytest.mark.parametrize("at", [30.0, 149.0])
def test_the_heat_is_the_same(recorded: Recorded, recording: Recording, at: float) -> None:
    was = {h.at: h.counts for h in live(recorded, at).heat if h.counts}
    now = {h.at: h.counts for h in history(recording, at, heat=True).heat if h.counts}
    assert now == was


def test_one_name_has_its_own_numbers(recording: Recording) -> None:
    (name,) = {e.name for e in recording.screen(recording.index(100)).endpoints}
    own, whole = history(recording, 100, name), history(recording, 100)
    assert (own.name, own.total > 0) == (name, True)
    by_time = {p.at: p for p in whole.points}
    for point in own.points:
        assert (point.p95, point.rate) == (by_time[point.at].p95, by_time[point.at].rate)
    assert history(recording, 100, "nobody").total == 0


def test_reading_on_and_jumping_back_tell_the_same(recording: Recording) -> None:
    (name,) = {e.name for e in recording.screen(recording.index(100)).endpoints}
    rewound = recording.rewound()

    def at(moment: float) -> History:
        screen = recording.screen(recording.index(moment))
        return rewound.history(screen.at, screen.points[-1].at, name, heat=True)

    first = at(50.0)
    for moment in (51.0, 52.5, 60.0, 149.0):
        assert at(moment) == history(recording, moment, name, heat=True)
    assert at(50.0) == first


def test_a_replay_shows_it_and_refuses_nothing(recording: Recording) -> None:
    replay = Replay(recording, at=100)
    assert len(replay.latest().history.points) > 90
    assert not replay.latest().history.heat
    replay._take(Watch("", heat=True))
    assert replay._look(plays_on=False).history.heat
    assert replay.latest().news == ""
