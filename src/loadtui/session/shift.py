"""What the failures of workers do to a session's memory: gaps, markers, news."""

from __future__ import annotations

from loadtui.load.supervised import Lost, Silent
from loadtui.measure.gaps import Gaps
from loadtui.measure.store import Store
from loadtui.session.effect import Mark
from loadtui.session.record import Record
from loadtui.session.staff import Staff, Trouble
from loadtui.session.timeline import Timeline


class Shift:
    """The workers of a session. `origin`: its first second on the monotonic clock."""

    def __init__(self, store: Store, record: Record, origin: float) -> None:
        """Nobody is wanted yet."""
        self.staff = Staff()
        self._store, self._record, self._origin = store, record, origin
        self._markers: dict[int, int] = {}

    def fresh(self, now: float, wanted: int) -> None:
        """So many workers are up, all of them fresh ones."""
        self.staff = Staff(wanted, is_up=True, losses=self.staff.losses)
        self._miss(self._store.gaps.closed(None, now), now)

    def hear(
        self, event: Trouble, timeline: Timeline, now: float, *, is_wanted: bool
    ) -> tuple[Timeline, str]:
        """A worker failed, or is there again: the timeline with it, and the news."""
        if isinstance(event, Lost | Silent):
            self._store.crews.lose(event.worker)
        self.staff, story = self.staff.hear(event)
        self._miss(self.staff.gaps(self._store.gaps, event, is_wanted=is_wanted), now)
        number = self._markers.get(event.worker)
        if not story.is_new and number is not None:
            return timeline.change(number, detail=story.detail), story.news
        self._markers[event.worker] = len(timeline.markers) + 1
        mark = Mark(kind="loss", what=story.what, detail=story.detail)
        return timeline.add(mark, now - self._origin), story.news

    def _miss(self, gaps: Gaps, now: float) -> None:
        self._record.gaps(self._store.gaps, gaps, self._origin, now)
        self._store.missed(gaps, now)
