from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load import wire
from loadtui.model.executor import ConstantRate, Entry, RampingVus, SharedIterations, Stage
from loadtui.model.frame import (
    Ack,
    ClockAsk,
    ClockTell,
    Cut,
    Follow,
    FromWorker,
    Hello,
    Hold,
    Reshare,
    Retarget,
    Said,
    SetRate,
    Setup,
    ToWorker,
)
from loadtui.model.request import Check, RequestTemplate, Think
from loadtui.model.row import Batch, Distribution, Health, IterationRow, Row
from loadtui.model.scenario import FaultPreset, Scenario
from loadtui.model.text import Text, Variable, constant
from loadtui.model.threshold import Threshold
from loadtui.model.toxic import Proxy, Toxic

SCENARIO = Scenario(
    name="orders",
    target="http://127.0.0.1:3000",
    requests=(
        RequestTemplate(
            name="create",
            method="POST",
            url=Text(("http://127.0.0.1:3000/orders/", Variable("random", low=1, high=9))),
            headers=(("x-request-id", Text((Variable("uuid"),))),),
            body=constant('{"quantity": 2}'),
            checks=(Check("made", statuses=((201, 201),), json_path="id", json_is={"a": [1]}),),
            save={"order_id": "id"},
            count={"orders": "made"},
            think=Think(0.1, 0.2),
        ),
    ),
    scenarios=(
        Entry("browse", RampingVus((Stage(1.5, 3),)), start_time=2.0, tags={"team": "web"}),
        Entry("buy", ConstantRate(5, 2.0, 1, 2), exec="buy", graceful_stop=0.0),
        Entry("poll", SharedIterations()),
    ),
    thresholds=(
        Threshold(
            source="p(95)<5",
            metric="http_req_duration",
            aggregate="p",
            quantile=0.95,
            operator="<",
            limit=5,
        ),
    ),
    proxies=(Proxy("db", "127.0.0.1:1", "127.0.0.1:2"),),
    faults=(FaultPreset("slow", "db", Toxic("slow", "latency", attributes={"latency": 2000})),),
)
DOWN: list[ToWorker] = [
    Setup(SCENARIO, worker=0, workers=2, seed=7),
    Retarget(1, 50),
    SetRate(4, 12.5, 100.0, 7.25),
    Follow(5, 12.5),
    Reshare(6, 1, 2),
    Cut(2),
    Hold(3, on=True),
    ClockAsk(12.5),
]
UP: list[FromWorker] = [
    Hello(0, 4711),
    Ack(0, 1, 50, 2),
    ClockTell(1, 12.5, 13.0),
    Said(0, "create: nothing at id"),
    Batch(
        worker=0,
        seq=4,
        at=99.25,
        active=50,
        draining=2,
        rows=(
            Row(
                99,
                "create",
                requests=2,
                failed=1,
                duration=Distribution(2, 30, 10, 20, {10: 1, 20: 1}),
                phases=(Distribution(),) * 6,
                statuses={201: 1},
                errors={"reset": 1},
                checks={"made": (1, 1)},
                counters={"orders": 1.0},
            ),
        ),
        iterations=(IterationRow(99, 1, 0, 1, Distribution(1, 5, 5, 5, {5: 1})),),
        health=Health(0.1, 0.25, 0.002, 50),
    ),
]


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(st.lists(st.sampled_from(DOWN)), st.lists(st.integers(0, 10_000)))
def test_commands_arrive_whole_however_the_pipe_cuts_them(
    sent: list[ToWorker], cuts: list[int]
) -> None:
    decoder, got = wire.to_worker(), list[ToWorker]()
    for piece in pieces(b"".join(map(wire.encode, sent)), cuts):
        got += decoder.feed(piece)
    assert got == sent


@given(st.lists(st.sampled_from(UP)), st.lists(st.integers(0, 10_000)))
def test_reports_arrive_whole_however_the_pipe_cuts_them(
    sent: list[FromWorker], cuts: list[int]
) -> None:
    decoder, got = wire.from_worker(), list[FromWorker]()
    for piece in pieces(b"".join(map(wire.encode, sent)), cuts):
        got += decoder.feed(piece)
    assert got == sent


def test_a_length_beyond_the_limit_is_refused_before_its_bytes_come() -> None:
    with pytest.raises(wire.WireError, match="at most"):
        wire.from_worker().feed((wire.LIMIT + 1).to_bytes(4, "big"))


def test_bytes_that_are_no_message_are_refused() -> None:
    with pytest.raises(wire.WireError, match="cannot be read"):
        wire.to_worker().feed(b"\0\0\0\2hi")


def test_each_side_understands_only_what_the_other_may_say() -> None:
    with pytest.raises(wire.WireError):
        wire.to_worker().feed(wire.encode(Hello(0, 1)))
