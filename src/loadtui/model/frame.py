"""The words between a session and its workers; `load.wire` turns them to bytes and back."""

from __future__ import annotations

import msgspec

from loadtui.model.journey import Code
from loadtui.model.row import Batch
from loadtui.model.scenario import Scenario

NOTHING = b"null"
"""JSON of a function that returned nothing."""


class Setup(msgspec.Struct, frozen=True, tag=True):
    """First frame to a worker: what to run and which share.

    VU ids of worker i of n are i+1, i+1+n and so on. `samples`: the socket that every sample goes
    to, "" for none. `tickets`: of data sources, the open files whose offsets deal rows.
    """

    scenario: Scenario
    worker: int
    workers: int
    seed: int
    graceful: float = 30.0
    samples: str = ""
    tickets: dict[str, int] = {}
    given: dict[str, bytes] = {}
    """What `setup` returned, as JSON, by the journey's file."""


class Retarget(msgspec.Struct, frozen=True, tag=True):
    """By hand: all workers together run `target` VUs from now on, each its share of them.

    Those above it finish their iteration (graceful stop).
    """

    seq: int
    target: int


class SetRate(msgspec.Struct, frozen=True, tag=True):
    """By hand: all workers together start `rate` iterations a second from the moment `at` on.

    `area`: how many were due until then, in starts and their fraction. `at`: the worker's monotonic
    seconds.
    """

    seq: int
    at: float
    rate: float
    area: float


class Follow(msgspec.Struct, frozen=True, tag=True):
    """Follow the plan, which began at the moment `at` of the worker's clock (pauses taken off)."""

    seq: int
    at: float


class Reshare(msgspec.Struct, frozen=True, tag=True):
    """This worker is number `index` of `workers` from now on."""

    seq: int
    index: int
    workers: int


class Cut(msgspec.Struct, frozen=True, tag=True):
    """Hard stop: cancel requests in flight of every VU above the target; they count as `cut`."""

    seq: int


class Hold(msgspec.Struct, frozen=True, tag=True):
    """Pause (`on`) or resume: paused VUs finish the request in flight and start no other."""

    seq: int
    on: bool


class Limit(msgspec.Struct, frozen=True, tag=True):
    """This worker's part of the limit of requests per second, 0 for none of it; it is not
    acknowledged.
    """

    rate: float


class RunOnce(msgspec.Struct, frozen=True, tag=True):
    """Call a function of a journey's file outside of any iteration, and answer with `RanOnce`.

    `data`: JSON that its user has as `setup_data`. `seconds` it may take.
    """

    number: int
    code: Code
    data: bytes = NOTHING
    seconds: float = 60.0


class SetupData(msgspec.Struct, frozen=True, tag=True):
    """What `setup` returned, as JSON, by the journey's file."""

    given: dict[str, bytes]


class ClockAsk(msgspec.Struct, frozen=True, tag=True):
    """Asks for the worker's clock; `sent` is the session's monotonic time."""

    sent: float


class Hello(msgspec.Struct, frozen=True, tag=True):
    """A worker is up and ready."""

    worker: int
    pid: int


class Ack(msgspec.Struct, frozen=True, tag=True):
    """A command arrived and is in force; `active` as in Batch. `is_over`: every entry of the plan
    has come to its end here, and none of its VUs is left.
    """

    worker: int
    seq: int
    active: int
    draining: int
    is_over: bool = False


class ClockTell(msgspec.Struct, frozen=True, tag=True):
    """The worker's monotonic seconds at the moment it answered."""

    worker: int
    sent: float
    at: float


class Said(msgspec.Struct, frozen=True, tag=True):
    """Something the operator should read once (a save without value, a bad template).

    `aborts`: a journey asks to end the run. `spoils`: it goes on, and ends with exit code 107.
    """

    worker: int
    text: str
    aborts: bool = False
    spoils: bool = False


class RanOnce(msgspec.Struct, frozen=True, tag=True):
    """What came of a `RunOnce`: JSON that it returned, or what went wrong."""

    worker: int
    number: int
    data: bytes = NOTHING
    error: str = ""


Order = Retarget | SetRate | Follow | Reshare | Cut | Hold
ToWorker = Setup | Order | Limit | RunOnce | SetupData | ClockAsk
FromWorker = Hello | Ack | ClockTell | Said | RanOnce | Batch
