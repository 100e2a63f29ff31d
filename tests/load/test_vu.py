from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from random import Random

from loadtui.load.exchange import Exchange
from loadtui.load.failure import ErrorKind
from loadtui.load.head import Call
from loadtui.load.prepared import PreparedRequest
from loadtui.load.shared import Shared
from loadtui.load.values import Sources, Values
from loadtui.load.vu import Vu
from loadtui.measure.recorder import Recorder
from loadtui.model.request import Check, RequestTemplate, Think
from loadtui.model.row import IterationRow, Row
from loadtui.model.text import Text, Variable, constant

BASE = "http://127.0.0.1:3000"
Answer = Callable[[Call], Exchange]


def answered(
    status: int = 200, body: bytes = b"", *, location: str = "", error: ErrorKind = ""
) -> Exchange:
    out = Exchange(time.perf_counter())
    out.status, out.raw, out.error = status, body, error
    header = f"Location: {location}\r\n" if location else ""
    out.head = f"HTTP/1.1 {status} OK\r\n{header}\r\n".encode()
    out.waiting = 1000
    return out


class Server:
    """A client with its server: answers what it is told, when it is allowed to."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.calls: list[Call] = []
        self.arrived = asyncio.Semaphore(0)
        self.gate = asyncio.Event()
        self.gate.set()
        self.closed = 0
        self.begun = 0

    def begin(self) -> None:
        self.begun += 1

    async def send(self, call: Call) -> Exchange:
        self.calls.append(call)
        self.arrived.release()
        await self.gate.wait()
        await asyncio.sleep(0)
        return self.answer(call)

    def with_kept(self, call: Call) -> Call:
        return call

    def close(self) -> None:
        self.closed += 1

    @property
    def paths(self) -> list[str]:
        return [call.wire.split(b" ")[1].decode() for call in self.calls]


class Bench:
    """One VU, its server, and all that it recorded and said."""

    def __init__(self, *templates: RequestTemplate, answer: Answer, redirects: int = 10) -> None:
        self.recorder, self.said = Recorder(), list[str]()
        self.server = Server(answer)
        dice = Random(1)
        requests = tuple(map(PreparedRequest, templates))
        self.shared = Shared(
            requests, redirects, self.recorder, dice, time.perf_counter, self.said.append
        )
        values = Values(1, Sources(dice, Random(2), time.time))
        self.vu = Vu(self.shared, self.server, values)
        self.task = asyncio.create_task(self.vu.run())

    async def requests(self, number: int) -> None:
        """Wait until so many more requests have reached the server."""
        for _ in range(number):
            await self.server.arrived.acquire()

    async def until_drained(self) -> None:
        self.vu.drain()
        await asyncio.wait_for(self.task, 5.0)

    async def cut(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])
        assert self.task.cancelled()

    def rows(self) -> tuple[dict[str, Row], IterationRow]:
        """Everything recorded, of all seconds: by request name, and the iterations."""
        rows, iterations = self.recorder.drain()
        names = sorted({row.name for row in rows})
        return (
            {name: summed([row for row in rows if row.name == name]) for name in names},
            IterationRow(
                0,
                sum(row.ended for row in iterations),
                sum(row.failed for row in iterations),
                sum(row.cut for row in iterations),
            ),
        )


def summed(rows: list[Row]) -> Row:
    statuses: dict[int, int] = {}
    errors: dict[str, int] = {}
    checks: dict[str, tuple[int, int]] = {}
    counters: dict[str, float] = {}
    for row in rows:
        for status, number in row.statuses.items():
            statuses[status] = statuses.get(status, 0) + number
        for error, number in row.errors.items():
            errors[error] = errors.get(error, 0) + number
        for name, (passed, failed) in row.checks.items():
            known = checks.get(name, (0, 0))
            checks[name] = (known[0] + passed, known[1] + failed)
        for name, value in row.counters.items():
            counters[name] = counters.get(name, 0.0) + value
    return Row(
        0,
        rows[0].name,
        requests=sum(row.requests for row in rows),
        failed=sum(row.failed for row in rows),
        cut=sum(row.cut for row in rows),
        statuses=statuses,
        errors=errors,
        checks=checks,
        counters=counters,
    )


def get(name: str, path: str = "/", *, think: Think | None = None) -> RequestTemplate:
    return RequestTemplate(name=name, url=constant(BASE + path), think=think or Think())


ORDER = RequestTemplate(
    name="create",
    method="POST",
    url=constant(BASE + "/orders"),
    checks=(Check("is 201", statuses=((201, 201),)), Check("has id", json_path="id")),
    save={"order_id": "id"},
    count={"orders": "is 201"},
)
LOOK = RequestTemplate(
    name="look", url=Text((BASE + "/orders/", Variable("saved", name="order_id")))
)


async def test_an_iteration_sends_its_requests_in_order_with_saved_values() -> None:
    bench = Bench(ORDER, LOOK, answer=lambda _: answered(201, b'{"id": "A-7"}'))
    await bench.requests(3)
    await bench.until_drained()
    assert bench.server.paths == ["/orders", "/orders/A-7"] * 2
    names, iterations = bench.rows()
    assert names["create"].requests == names["look"].requests == 2
    assert names["create"].checks == {"is 201": (2, 0), "has id": (2, 0)}
    assert names["create"].counters == {"orders": 2.0}
    assert (iterations.ended, iterations.failed, iterations.cut) == (2, 0, 0)
    assert bench.server.closed == 1


async def test_a_missing_value_fails_the_iteration_and_is_said() -> None:
    bench = Bench(ORDER, LOOK, answer=lambda _: answered(201, b"{}"))
    await bench.requests(2)
    await bench.until_drained()
    assert set(bench.server.paths) == {"/orders"}
    names, iterations = bench.rows()
    assert names["create"].failed == 0
    assert names["create"].checks["has id"] == (0, 2)
    assert (iterations.ended, iterations.failed) == (2, 2)
    assert "create: the answer has nothing at id to save as order_id" in bench.said[0]


async def test_an_answer_that_is_a_failure_itself_needs_no_words_about_its_values() -> None:
    bench = Bench(ORDER, LOOK, answer=lambda _: answered(503))
    await bench.requests(1)
    await bench.until_drained()
    names, iterations = bench.rows()
    assert (names["create"].failed, iterations.failed) == (1, 1)
    assert names["create"].counters == {}
    assert bench.said == []


async def test_expected_statuses_are_no_failures() -> None:
    maybe = RequestTemplate(name="maybe", url=constant(BASE + "/"), expect=((200, 299), (404, 404)))
    statuses = iter([200, 404, 500, 302])
    bench = Bench(maybe, answer=lambda _: answered(next(statuses)))
    await bench.requests(4)
    await bench.until_drained()
    row = bench.rows()[0]["maybe"]
    assert row.statuses == {200: 1, 404: 1, 500: 1, 302: 1}
    assert row.failed == 2


async def test_a_refused_connection_is_counted_and_the_user_goes_on() -> None:
    bench = Bench(get("a"), answer=lambda _: answered(0, error="refused"))
    await bench.requests(3)
    await bench.until_drained()
    names, iterations = bench.rows()
    assert names["a"].errors == {"refused": 3}
    assert names["a"].failed == 3
    assert (iterations.ended, iterations.failed) == (3, 0)


async def test_a_value_used_before_it_is_saved_fails_the_iteration_without_a_request() -> None:
    bench = Bench(LOOK, answer=lambda _: answered())
    await asyncio.sleep(0)  # the VU must give others a turn, or this never returns
    await asyncio.sleep(0)
    await bench.until_drained()
    names, iterations = bench.rows()
    assert names == {}
    assert iterations.failed == iterations.ended > 0
    assert "order_id is used before" in bench.said[0]


async def test_each_hop_of_a_redirect_is_a_request_of_the_same_name() -> None:
    def answer(call: Call) -> Exchange:
        is_end = b" /end " in call.wire
        return answered(200, b"{}") if is_end else answered(302, location="/end")

    start = RequestTemplate(
        name="start",
        url=constant(BASE + "/start"),
        checks=(Check("arrived", statuses=((200, 200),)),),
    )
    bench = Bench(start, answer=answer)
    await bench.requests(2)
    await bench.until_drained()
    assert bench.server.paths == ["/start", "/end"]
    row = bench.rows()[0]["start"]
    assert row.statuses == {302: 1, 200: 1}
    assert row.checks == {"arrived": (1, 0)}


async def test_no_more_redirects_are_followed_than_the_scenario_allows() -> None:
    bench = Bench(get("loop"), answer=lambda _: answered(302, location="/again"), redirects=3)
    await bench.requests(4)
    await bench.until_drained()
    assert bench.server.paths == ["/", "/again", "/again", "/again"]


async def test_a_redirect_that_cannot_be_followed_is_said_and_ends_there() -> None:
    bench = Bench(get("odd"), answer=lambda _: answered(302, location="ftp://127.0.0.1/"))
    await bench.requests(1)
    await bench.until_drained()
    assert bench.rows()[0]["odd"].statuses == {302: 1}
    assert "odd: the redirect to" in bench.said[0]


async def test_draining_lets_the_iteration_finish() -> None:
    bench = Bench(get("a", "/a"), get("b", "/b"), answer=lambda _: answered())
    bench.server.gate.clear()
    await bench.requests(1)
    bench.vu.drain()
    bench.server.gate.set()
    await asyncio.wait_for(bench.task, 5.0)
    assert bench.server.paths == ["/a", "/b"]
    assert bench.rows()[1].ended == 1


async def test_a_think_time_at_the_end_does_not_hold_up_draining() -> None:
    bench = Bench(get("a", think=Think(600.0, 600.0)), answer=lambda _: answered())
    await bench.requests(1)
    for _ in range(5):
        await asyncio.sleep(0)
    await bench.until_drained()
    _, iterations = bench.rows()
    assert (iterations.ended, iterations.cut) == (1, 0)


async def test_think_time_lies_between_its_ends_and_is_part_of_the_iteration() -> None:
    bench = Bench(
        get("a", "/a", think=Think(0.02, 0.04)), get("b", "/b"), answer=lambda _: answered()
    )
    await bench.requests(2)
    await bench.until_drained()
    _, iterations = bench.recorder.drain()
    assert sum(row.duration.low for row in iterations) >= 19_000


async def test_think_time_also_follows_a_failed_save() -> None:
    impatient = RequestTemplate(
        name="a", url=constant(BASE + "/"), save={"id": "id"}, think=Think(600.0, 600.0)
    )
    bench = Bench(impatient, answer=lambda _: answered(200, b"{}"))
    await bench.requests(1)
    for _ in range(20):
        await asyncio.sleep(0)
    await bench.until_drained()
    assert len(bench.server.calls) == 1


async def test_a_revived_user_goes_on_as_if_nothing_had_been() -> None:
    bench = Bench(get("a"), answer=lambda _: answered())
    bench.server.gate.clear()
    await bench.requests(1)
    bench.vu.drain()
    bench.vu.revive()
    bench.server.gate.set()
    await bench.requests(3)
    await bench.until_drained()
    assert bench.server.closed == 1


async def test_a_hard_stop_in_flight_is_a_cut_request_and_a_cut_iteration() -> None:
    bench = Bench(get("a"), answer=lambda _: answered())
    bench.server.gate.clear()
    await bench.requests(1)
    await bench.cut()
    names, iterations = bench.rows()
    assert (names["a"].cut, names["a"].requests, names["a"].failed) == (1, 0, 0)
    assert (iterations.cut, iterations.ended) == (1, 0)
    assert bench.server.closed == 1


async def test_a_hard_stop_while_thinking_cuts_the_iteration_only() -> None:
    bench = Bench(get("a", think=Think(600.0, 600.0)), answer=lambda _: answered())
    await bench.requests(1)
    for _ in range(5):
        await asyncio.sleep(0)
    await bench.cut()
    names, iterations = bench.rows()
    assert (names["a"].requests, names["a"].cut) == (1, 0)
    assert (iterations.cut, iterations.ended) == (1, 0)


async def test_holding_lets_the_request_end_and_resuming_goes_on_with_the_next() -> None:
    bench = Bench(get("a", "/a"), get("b", "/b"), answer=lambda _: answered())
    bench.server.gate.clear()
    await bench.requests(1)
    bench.shared.is_held = True
    bench.server.gate.set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert bench.server.paths == ["/a"]
    bench.vu.resume()  # still held: looks and waits on
    for _ in range(20):
        await asyncio.sleep(0)
    assert bench.server.paths == ["/a"]
    bench.shared.is_held = False
    bench.vu.resume()
    await bench.requests(1)
    assert bench.server.paths == ["/a", "/b"]
    await bench.until_drained()
    assert bench.rows()[1].ended == 1


async def test_the_time_on_hold_is_not_part_of_the_iteration() -> None:
    bench = Bench(get("a", "/a"), get("b", "/b"), answer=lambda _: answered())
    bench.server.gate.clear()
    await bench.requests(1)
    bench.shared.is_held = True
    bench.server.gate.set()
    await asyncio.sleep(0.05)
    bench.shared.is_held = False
    bench.vu.resume()
    await bench.requests(1)
    await bench.until_drained()
    _, iterations = bench.recorder.drain()
    assert max(row.duration.high for row in iterations) < 50_000


async def test_one_that_is_drained_on_hold_leaves_and_its_half_iteration_is_cut() -> None:
    bench = Bench(get("a", "/a"), get("b", "/b"), answer=lambda _: answered())
    bench.server.gate.clear()
    await bench.requests(1)
    bench.shared.is_held = True
    bench.server.gate.set()
    for _ in range(20):
        await asyncio.sleep(0)
    await bench.until_drained()
    assert bench.server.paths == ["/a"]
    _, iterations = bench.rows()
    assert (iterations.ended, iterations.cut) == (0, 1)
