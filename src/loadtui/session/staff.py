"""The workers as a session knows them: how many are up, which failed, and the words for it (pure).

Times are seconds of the session's monotonic clock.
"""

from __future__ import annotations

import msgspec

from loadtui.load.supervised import Back, GaveUp, Lost, Replaced, Silent
from loadtui.load.supervision import HOPELESS
from loadtui.measure.gaps import Gaps

Trouble = Lost | Replaced | GaveUp | Silent | Back


class Story(msgspec.Struct, frozen=True):
    """One failure of a worker, as a marker tells it; `detail` grows with what comes of it."""

    what: str
    detail: str
    news: str
    is_new: bool = False


class Staff(msgspec.Struct, frozen=True):
    """Which of the `wanted` workers are up. `out`: lost ones; `coming`: those of them that are
    being replaced; `silent`: up, but saying nothing. `losses`: how many were lost since the start.
    `details`: of each worker's last failure, the marker's words.
    """

    wanted: int = 0
    is_up: bool = False
    out: frozenset[int] = frozenset()
    coming: frozenset[int] = frozenset()
    silent: frozenset[int] = frozenset()
    losses: int = 0
    details: dict[int, str] = {}

    @property
    def workers(self) -> int:
        """How many are up and answer."""
        return self.wanted - len(self.out | self.silent) if self.is_up else 0

    def hear(self, event: Trouble) -> tuple[Staff, Story]:
        """What an event changes, and what is to be told of it."""
        match event:
            case Lost():
                return self._lost(event)
            case Replaced(worker=worker, took=took):
                up = self._with(out=self.out - {worker}, coming=self.coming - {worker})
                return _goes_on(up, worker, f"a fresh one runs after {took:.1f} s")
            case GaveUp(worker=worker, why=why):
                left = self._with(coming=self.coming - {worker})
                return _goes_on(left, worker, f"no fresh one came up: {why}")
            case Silent(worker=worker, vus=vus):
                quiet = self._with(silent=self.silent | {worker})
                detail = f"runs but does not answer, with {_vus(vus)}"
                advice = f"a journey may block its loop; it is replaced after {HOPELESS:g} s"
                return _begins(quiet, worker, "silent", f"{detail}: {advice}")
            case Back(worker=worker):
                back = self._with(silent=self.silent - {worker})
                return _goes_on(back, worker, "it answers again")

    def gaps(self, gaps: Gaps, event: Trouble, *, is_wanted: bool) -> Gaps:
        """The gaps after an event, which this staff has already heard; `is_wanted`: whether there
        was anything to measure.
        """
        match event:
            case Lost(worker=worker, since=since, at=at, heirs=heirs):
                is_gap = (is_wanted or event.vus > 0) and not event.is_ordered
                wider = gaps.opened(worker, since, whole=not heirs) if is_gap else gaps
                # While others are left, all that is wanted runs again from this moment on.
                return wider.closed(self.out, at) if heirs else wider
            case Replaced(at=at):
                return gaps.closed(self.out | {event.worker}, at)
            case Silent(worker=worker, since=since, vus=vus):
                is_gap = is_wanted or vus > 0
                return gaps.opened(worker, since, whole=not self.workers) if is_gap else gaps
            case Back(worker=worker, at=at):
                return gaps.closed((worker,), at)
            case GaveUp():
                return gaps

    def _lost(self, event: Lost) -> tuple[Staff, Story]:
        worker = event.worker
        gone = self._with(
            out=self.out | {worker},
            silent=self.silent - {worker},
            coming=self.coming | {worker} if event.is_replaced else self.coming,
            losses=self.losses + (not event.is_ordered),
        )
        return _begins(gone, worker, "lost", _lost_words(event))

    def _with(self, **fields: object) -> Staff:
        return msgspec.structs.replace(self, **fields)


def _begins(staff: Staff, worker: int, how: str, detail: str) -> tuple[Staff, Story]:
    what = f"worker {worker} {how}"
    details = {**staff.details, worker: detail}
    story = Story(what, detail, f"{what}: {detail}", is_new=True)
    return msgspec.structs.replace(staff, details=details), story


def _goes_on(staff: Staff, worker: int, words: str) -> tuple[Staff, Story]:
    detail = "; ".join(part for part in (staff.details.get(worker, ""), words) if part)
    details = {**staff.details, worker: detail}
    story = Story(f"worker {worker}", detail, f"worker {worker}: {words}")
    return msgspec.structs.replace(staff, details=details), story


def _lost_words(event: Lost) -> str:
    words = event.why
    if event.is_ordered:
        return words
    if event.vus:
        moved = f"moved to {_workers(event.heirs)}" if event.heirs else "stand still"
        words += f"; its {_vus(event.vus)} {moved}"
    if not event.is_replaced:
        words += "; no fresh one is started"
        if event.owed:
            words += f", and {event.owed} iterations of its share are not run"
    return words


def _vus(count: int) -> str:
    return f"{count} VU" if count == 1 else f"{count} VUs"


def _workers(indexes: tuple[int, ...]) -> str:
    if len(indexes) > 2:
        return f"the other {len(indexes)} workers"
    plural = "s" if len(indexes) > 1 else ""
    return f"worker{plural} {' and '.join(str(index) for index in indexes)}"
