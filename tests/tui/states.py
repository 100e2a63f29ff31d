"""Every state that the screen can be in, by name, as one snapshot each."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import msgspec

from loadtui.model.ledger import Change, Entry
from loadtui.model.snapshot import Chaos, Snapshot
from loadtui.model.timed import Timed
from loadtui.model.toxic import Toxic
from tests.tui import story

_LEFT = Toxic("latency", "latency", "downstream", 1.0, {"latency": 2000, "jitter": 0})


def _idle() -> Snapshot:
    return story.idle().snapshot(has_tour=True)


def _starting() -> Snapshot:
    parts = {
        "postgres": "running",
        "payments": "running",
        "orders": "starting… waits for the database",
        "toxiproxy": "running on 127.0.0.1:8474",
        "workers": "2 of 2",
    }
    snapshot = story.Story().until(1).snapshot(phase="starting", parts=parts)
    return msgspec.structs.replace(snapshot, chaos=Chaos(state="starting"))


def _no_toxiproxy() -> Snapshot:
    return story.steady().snapshot(chaos=Chaos(state="none"))


def _stuck() -> Snapshot:
    snapshot = story.fault().snapshot()
    chaos = msgspec.structs.replace(snapshot.chaos, state="stuck", restartable=True)
    return msgspec.structs.replace(snapshot, chaos=chaos)


def _leftovers() -> Snapshot:
    change = Change("payments", "toxic", "latency", None, _LEFT)
    left = (Entry(1, "http://127.0.0.1:8474", change, 1.8e9),)
    snapshot = story.idle().snapshot()
    chaos = msgspec.structs.replace(snapshot.chaos, leftovers=left)
    return msgspec.structs.replace(snapshot, chaos=chaos)


def _question() -> Snapshot:
    words = "Raise to 600 VUs? That is past half of max_vus 1000."
    return story.steady().snapshot(question=words)


def _tour() -> Snapshot:
    words = "Two seconds of latency on payments: watch p95 cross the SLO."
    return story.fault().snapshot(caption=words, touring=True, has_tour=True)


def _timed() -> Snapshot:
    """A fault of the plan is on, another comes, a third is skipped."""
    snapshot = story.fault().snapshot(driver="plan", plan="stage 2 of 3 → 120 VUs, 1m12s left")
    first, second, third = snapshot.chaos.proxies
    on = msgspec.structs.replace(first.slots[0], left=12.0)
    first = msgspec.structs.replace(first, slots=(on, *first.slots[1:]))
    down = msgspec.structs.replace(second.slots[2], begins=80.0)
    second = msgspec.structs.replace(second, slots=(*second.slots[:2], down))
    skipped = msgspec.structs.replace(third.slots[1], skipped=True)
    third = msgspec.structs.replace(third, slots=(third.slots[0], skipped, third.slots[2]))
    timed = (
        Timed(name="gone", proxy="orders-db", at=150.0, lasts=5.0),
        Timed(name="reset", proxy="inventory", toxic=_LEFT, at=170.0, state="skipped"),
    )
    chaos = msgspec.structs.replace(
        snapshot.chaos, proxies=(first, second, third), timed=timed, begun=True
    )
    return msgspec.structs.replace(snapshot, chaos=chaos)


_STATES: dict[str, Callable[[], Snapshot]] = {
    "idle": _idle,
    "starting": _starting,
    "steady": lambda: story.steady().snapshot(),
    "fault": lambda: story.fault().snapshot(),
    "after": lambda: story.after().snapshot(),
    "panic": lambda: story.panicked().snapshot(),
    "none": _no_toxiproxy,
    "stuck": _stuck,
    "leftovers": _leftovers,
    "question": _question,
    "tour": _tour,
    "timed": _timed,
}
NAMES = tuple(_STATES)


@cache
def snapshot(name: str) -> Snapshot:
    """The snapshot of that state."""
    return _STATES[name]()
