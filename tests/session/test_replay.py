"""A replay as its screen sees it: snapshots of the journal, on a thread of its own."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loadtui.model.command import Quit, Step
from loadtui.model.replay import ChangeSpeed, PlayOrPause, SeekMarker, SeekTo
from loadtui.model.snapshot import Snapshot
from loadtui.session.recording import Recording, opened
from loadtui.session.replay import REFUSED, Replay
from tests.support.recorded import Recorded


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Recorded(tmp_path_factory.mktemp("journal"))
    made.end()
    return made.path


@pytest.fixture
def recording(journal: Path) -> Iterator[Recording]:
    with opened(journal) as recording:
        yield recording


class Watched:
    """A replay and what it showed."""

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        self._shown: queue.SimpleQueue[Snapshot] = queue.SimpleQueue()
        replay.subscribe(self._shown.put)
        replay.start()

    def until(self, is_so: Callable[[Snapshot], bool]) -> Snapshot:
        """The next snapshot of which that is true."""
        while not is_so(shown := self._shown.get(timeout=5)):
            pass
        return shown


@pytest.fixture
def watched(recording: Recording) -> Iterator[Watched]:
    made = Watched(Replay(recording, at=30.0))
    made.replay.send(PlayOrPause())
    made.until(lambda s: s.replay is not None and s.replay.paused)
    yield made
    made.replay.send(Quit())
    made.replay.join()


def test_it_begins_where_it_was_told_to(recording: Recording) -> None:
    shown = Replay(recording, at=30.0).latest()
    assert shown.replay is not None
    assert shown.replay.at == 30.0
    assert 29.0 <= shown.at <= 30.0


def test_it_plays_by_itself_and_ends_with_the_last_numbers(recording: Recording) -> None:
    watched = Watched(Replay(recording, at=recording.length - 3.0, speed=8.0))
    last = watched.until(lambda s: s.replay is not None and s.replay.is_at_end)
    assert last.phase == "ended"
    assert last.results
    watched.replay.send(Quit())
    watched.replay.join()


def test_a_seek_shows_that_moment_at_once(watched: Watched) -> None:
    watched.replay.send(SeekTo(12.0))
    assert 11.0 <= watched.until(lambda s: s.at < 20).at <= 12.0
    watched.replay.send(SeekMarker(1))
    there = watched.until(lambda s: s.at > 13)
    assert "latency payments" in {marker.what for marker in there.markers}


def test_what_acts_on_load_is_refused_in_words(watched: Watched) -> None:
    before = watched.replay.latest()
    watched.replay.send(Step(1))
    shown = watched.until(lambda s: s.news_number > before.news_number)
    assert shown.news == REFUSED
    assert shown.target == before.target


def test_quit_ends_it(watched: Watched) -> None:
    watched.replay.send(ChangeSpeed(1))
    watched.replay.send(Quit())
    last = watched.until(lambda s: s.replay is not None and s.replay.over)
    assert last.replay is not None
    assert last.replay.speed == 2.0
    watched.replay.join()
