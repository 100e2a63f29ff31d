"""Journeys in a real worker against a real server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.load.ending import Ending
from loadtui.model.executor import (
    ConstantRate,
    ConstantVus,
    Entry,
    Executor,
    PerVuIterations,
    RampingRate,
    RampingVus,
    SharedIterations,
    Stage,
)
from loadtui.model.frame import Ack, Hold, Retarget, Said
from loadtui.model.row import Batch
from tests.support.counting_server import CountingServer, counting_server
from tests.support.journeys import (
    ONCE,
    at_work,
    checks,
    ended,
    followed,
    iterations,
    metric_rows,
    rows,
    said,
)


@pytest.fixture(scope="module")
def server() -> Iterator[CountingServer]:
    with counting_server() as running:
        yield running


def test_requests_checks_groups_and_tags_are_recorded(
    tmp_path: Path, server: CountingServer
) -> None:
    journey = """
        async def buy(vu):
            vu.tags["team"] = "web"
            with vu.group("shop"), vu.group("cart"):
                r = await vu.http.get("/orders/7?x=1", tags={"step": 2})
                good = vu.check(r, {
                    "is found": r.status_code == 200,
                    "has id": lambda r: r.json()["id"] == "A-7",
                    "has more": lambda r: r.json()["more"],
                })
                assert good is False
            r = await vu.http.request("get", "/a", name="plain", expect=404, headers={"x": "1"})
            assert vu.check(r, {"fine": True}, tags={"kind": "late"})
            assert (vu.id, vu.iteration, vu.env["WHO"]) == (1, 0, "cust-123")
        """
    with at_work(tmp_path, journey, server.url(""), entries=ONCE) as hand:
        followed(hand)
        heard = ended(hand)
    cart, plain, late = sorted(rows(heard), key=lambda row: (row.name, len(row.tags)))
    assert cart.name == "GET /orders/${id}"
    assert dict(cart.tags) == {
        "group": "::shop::cart",
        "method": "GET",
        "scenario": "default",
        "step": "2",
        "team": "web",
    }
    assert cart.checks == {"is found": (1, 0), "has id": (1, 0), "has more": (0, 1)}
    assert (plain.name, plain.requests, plain.failed) == ("plain", 1, 1)
    assert (late.requests, late.checks) == (0, {"fine": (1, 0)})
    assert dict(late.tags)["kind"] == "late"
    groups = {dict(row.tags)["group"]: row.count for row in metric_rows(heard, "group_duration")}
    assert groups == {"::shop": 1, "::shop::cart": 1}
    assert iterations(heard) == (1, 0, 0)
    assert said(heard) == [
        "check 'has more' raised and counts as failed: shop.py:9: KeyError: 'more'"
    ]


def test_misuse_is_told_and_leaves_no_group_open(tmp_path: Path, server: CountingServer) -> None:
    journey = """
        async def late(r):
            return True

        async def buy(vu):
            if vu.iteration == 0:
                vu.check(None, {"alone": True, "late": late})
            if vu.iteration == 1:
                with vu.group("cart"):
                    raise KeyError("x")
            if vu.iteration == 2:
                with vu.group("a::b"):
                    pass
            if vu.iteration == 3:
                await vu.sleep(3, 1)
            if vu.iteration == 4:
                await vu.http.post("/", json={}, data={"a": 1})
            await vu.http.get("/")
        """
    entries = (Entry("default", PerVuIterations(vus=1, iterations=6)),)
    with at_work(tmp_path, journey, server.url(""), entries=entries) as hand:
        followed(hand)
        heard = ended(hand)
    assert iterations(heard) == (6, 4, 0)
    assert sum(row.requests for row in rows(heard) if "group" not in dict(row.tags)) == 2
    assert checks(heard) == {"alone": (1, 0), "late": (0, 1)}
    (cart,) = metric_rows(heard, "group_duration")
    assert dict(cart.tags)["group"] == "::cart"
    assert [text.split(": ", 2)[2] for text in said(heard)] == [
        "a check must be no async function",
        "'x'; such an iteration counts as failed",
        "'a::b' is no name of a group: it must hold something, and no ::;"
        " such an iteration counts as failed",
        "a VU cannot sleep for 3 to 1 s; such an iteration counts as failed",
        "a request has one body, here are data and json; such an iteration counts as failed",
    ]


def test_an_answer_reads_as_httpx_would_have_it(tmp_path: Path, server: CountingServer) -> None:
    journey = """
        async def buy(vu):
            r = await vu.http.post("/o", content="", params={"q": ["a b", 1]})
            assert (r.status_code, r.is_success, r.error, r.error_code) == (200, True, "", 0)
            assert r.headers["content-LENGTH"] == "30"
            assert list(r.headers) == ["content-length"]
            assert r.json()["id"] == "A-7" and r.text.startswith("{") and r.content[:1] == b"{"
            assert r.http_version == "HTTP/1.1" and r.url.endswith("/o?q=a+b&q=1")
            assert 0 < r.timings.waiting <= r.timings.duration == r.elapsed.total_seconds()
            r = await vu.http.get("http://127.0.0.1:1/", name="nobody")
            assert (r.status_code, r.error, r.error_code) == (0, "refused", 1212)
            assert not r.is_success and r.text == "" and not r.headers
            vu.check(r, {"has id": lambda r: r.json()["id"]})
        """
    with at_work(tmp_path, journey, server.url(""), entries=ONCE) as hand:
        followed(hand)
        heard = ended(hand)
    assert iterations(heard) == (1, 0, 0), said(heard)
    assert said(heard) == [
        "check 'has id' raised and counts as failed: "
        "shop.py:13: ValueError: there is no answer to read: refused"
    ]


def test_custom_metrics_of_every_type(tmp_path: Path, server: CountingServer) -> None:
    journey = """
        async def buy(vu):
            vu.metrics["orders"].add(2)
            vu.metrics["basket"].add(-1.5, tags={"shop": "x"})
            vu.metrics["stock"].add(7.25)
            vu.metrics["happy"].add(True)
            vu.metrics["happy"].add(False)
            vu.metrics["order"].add(1)
        """
    kinds = {"orders": "counter", "basket": "trend", "stock": "gauge", "happy": "rate"}
    with at_work(tmp_path, journey, server.url(""), metrics=kinds, entries=ONCE) as hand:  # type: ignore[arg-type]
        followed(hand)
        heard = ended(hand)
    (orders,) = metric_rows(heard, "orders")
    (basket,) = metric_rows(heard, "basket")
    (stock,) = metric_rows(heard, "stock")
    (happy,) = metric_rows(heard, "happy")
    assert (orders.kind, orders.total) == ("counter", 2.0)
    assert (basket.low, dict(basket.tags)) == (-1.5, {"scenario": "default", "shop": "x"})
    assert stock.last == 7.25
    assert (happy.truthy, happy.count) == (1, 2)
    assert said(heard) == [
        "journey shop.py:8: Undeclared: the scenario declares no metric order; did you mean"
        " orders?; such an iteration counts as failed"
    ]


def test_what_raises_is_told_once_and_starves_nobody(
    tmp_path: Path, server: CountingServer
) -> None:
    journey = """
        async def buy(vu):
            if vu.id == 1:
                raise RuntimeError(f"out of stock {vu.iteration}")
            await vu.http.get("/")
        """
    with at_work(tmp_path, journey, server.url("")) as hand:
        hand.tell(Retarget(1, 2))
        hand.until(Batch)
        heard = ended(hand)
    assert sum(row.requests for row in rows(heard)) > 10
    whole, failed, _ = iterations(heard)
    assert whole > failed > 10
    assert said(heard) == [
        "journey shop.py:4: RuntimeError: out of stock 0; such an iteration counts as failed"
    ]
    assert hand.log.read_text().count("Traceback") == 1


@pytest.mark.parametrize(
    "body", ["return", "raise SystemExit(3)", "raise KeyboardInterrupt", "vu.http.get('/').close()"]
)
def test_one_that_never_awaits_lets_commands_through(
    tmp_path: Path, server: CountingServer, body: str
) -> None:
    with at_work(tmp_path, f"async def buy(vu):\n    {body}\n", server.url("")) as hand:
        hand.tell(Retarget(1, 3))
        assert hand.until(Ack).active == 3
        hand.until(Batch)
        heard = ended(hand)
    assert iterations(heard)[0] > 10


def test_what_blocks_the_loop_is_named(tmp_path: Path, server: CountingServer) -> None:
    journey = """
        import time

        def slow():
            time.sleep(0.3)

        async def buy(vu):
            await vu.http.get("/")
            slow()
        """
    with at_work(tmp_path, journey, server.url("")) as hand:
        hand.tell(Retarget(1, 1))
        text = hand.until(Said).text
        heard = ended(hand)
    assert text.startswith("journey shop.py:5 (in slow) blocked the loop for ")
    assert text.endswith(
        " ms: use await vu.sleep(), not time.sleep(), and no long work between two awaits"
    )
    assert said(heard) == [text]


def test_one_that_blocks_for_good_is_named_meanwhile(
    tmp_path: Path, server: CountingServer
) -> None:
    journey = "async def buy(vu):\n    while True:\n        pass\n"
    with at_work(tmp_path, journey, server.url("")) as hand:
        hand.tell(Retarget(1, 1))
        text = hand.until(Said).text
    assert text.startswith("journey shop.py:")
    assert " (in buy) has blocked the loop for 1." in text


EXECUTORS = [
    ConstantVus(duration=0.4, vus=2),
    RampingVus(stages=(Stage(0.2, 3), Stage(0.2, 0)), start_vus=1),
    ConstantRate(rate=50, duration=0.39, pre_allocated_vus=3, max_vus=5),
    RampingRate(stages=(Stage(0.4, 100),), pre_allocated_vus=3, max_vus=5),
    SharedIterations(vus=2, iterations=11),
    PerVuIterations(vus=3, iterations=4),
]


@pytest.mark.parametrize("executor", EXECUTORS, ids=lambda each: type(each).__name__)
def test_every_executor_runs_a_journey(
    tmp_path: Path, server: CountingServer, executor: Executor
) -> None:
    journey = """
        async def buy(vu):
            await vu.http.get("/slow/3")
            await vu.sleep(0.001, 0.002)
        """
    entries = (Entry("shop", executor, graceful_stop=5.0),)
    with at_work(tmp_path, journey, server.url(""), entries=entries) as hand:
        followed(hand)
        heard = ended(hand)
    whole, failed, cut = iterations(heard)
    assert (failed, cut) == (0, 0)
    assert sum(row.requests for row in rows(heard)) == whole
    assert {dict(row.tags)["scenario"] for row in rows(heard)} == {"shop"}
    expected = {SharedIterations: 11, PerVuIterations: 12, ConstantRate: 20, RampingRate: 20}
    assert whole == expected.get(type(executor), whole)
    assert whole > 5
    has_schedule = isinstance(executor, ConstantRate | RampingRate)
    responses = sum(row.response.count for row in rows(heard))
    assert responses == (whole if has_schedule else 0)


ALONE = """
        async def buy(vu):
            try:
                while True:
                    await vu.http.get("/slow/1")
                    await vu.sleep(0.001)
            except Exception:
                pass
        """
GATHERED = """
        import asyncio

        async def again(vu):
            while True:
                await vu.http.get("/slow/1")

        async def buy(vu):
            async with asyncio.TaskGroup() as group:
                for _ in range(2):
                    group.create_task(again(vu))
        """


@pytest.mark.parametrize("journey", [ALONE, GATHERED], ids=["alone", "gathered"])
def test_while_held_nothing_is_sent_and_a_drained_one_leaves(
    tmp_path: Path, server: CountingServer, journey: str
) -> None:
    with at_work(tmp_path, journey, server.url("")) as hand:
        hand.tell(Retarget(1, 3))
        hand.until(Batch)
        hand.tell(Hold(2, on=True))
        hand.until(Ack)
        time.sleep(0.1)
        still = server.count()
        time.sleep(0.2)
        assert server.count() == still
        hand.tell(Hold(3, on=False))
        server.count(at_least=still + 5)
        hand.tell(Hold(4, on=True), Retarget(5, 0))
        while hand.until(Ack) != Ack(0, 5, 0, 0):
            pass
        heard = ended(hand)
    assert iterations(heard) == (0, 0, 3)
    assert sum(row.cut for row in rows(heard)) == 0


def test_a_hard_stop_cuts_what_is_in_flight(tmp_path: Path, server: CountingServer) -> None:
    journey = """
        async def buy(vu):
            try:
                await vu.http.get("/slow/60000")
            finally:
                vu.metrics["gone"].add(1)
        """
    with at_work(tmp_path, journey, server.url(""), metrics={"gone": "counter"}) as hand:
        before = server.count()
        hand.tell(Retarget(1, 4))
        server.count(at_least=before + 4)
        heard = ended(hand)
    assert sum(row.cut for row in rows(heard)) == 4
    assert iterations(heard) == (0, 0, 4)
    assert sum(row.total for row in metric_rows(heard, "gone")) == 4
    assert said(heard) == []


def test_one_that_raises_when_it_is_cut_was_cut(tmp_path: Path, server: CountingServer) -> None:
    journey = """
        async def buy(vu):
            try:
                await vu.http.get("/slow/60000")
            except BaseException:
                raise KeyboardInterrupt
        """
    with at_work(tmp_path, journey, server.url("")) as hand:
        before = server.count()
        hand.tell(Retarget(1, 2))
        server.count(at_least=before + 2)
        heard = ended(hand)
    assert iterations(heard) == (0, 0, 2)
    assert said(heard) == []


def test_through_httpx_it_is_the_same_journey(tmp_path: Path, server: CountingServer) -> None:
    journey = """
        async def buy(vu):
            r = await vu.http.get("/orders/7")
            assert vu.check(r, {"has id": lambda r: r.json()["id"] == "A-7"})
            assert (r.status_code, r.http_version) == (200, "HTTP/1.1")
            assert r.headers["Content-Length"] == "30" and 0 < r.timings.waiting
        """
    with at_work(tmp_path, journey, server.url(""), entries=ONCE, client="httpx") as hand:
        followed(hand)
        heard = ended(hand)
    assert iterations(heard) == (1, 0, 0), said(heard)
    (row,) = rows(heard)
    assert (row.name, row.checks) == ("GET /orders/${id}", {"has id": (1, 0)})


def test_what_a_task_group_raises_is_that_iterations_failure_only(
    tmp_path: Path, server: CountingServer
) -> None:
    journey = """
        import asyncio

        async def buy(vu):
            async def fail():
                await vu.http.get("/slow/1")
                raise KeyError("x")
            if vu.iteration < 2:
                async with asyncio.TaskGroup() as group:
                    group.create_task(fail())
                    group.create_task(vu.sleep(30))
            async with asyncio.timeout(10):
                await vu.http.get("/")
        """
    entries = (Entry("default", PerVuIterations(vus=2, iterations=3)),)
    with at_work(tmp_path, journey, server.url(""), entries=entries) as hand:
        followed(hand)
        heard = ended(hand)
    assert iterations(heard) == (6, 4, 0), said(heard)
    assert [text.partition("; ")[2] for text in said(heard)] == [
        "such an iteration counts as failed"
    ]


def test_requests_gathered_in_one_user_go_one_by_one(
    tmp_path: Path, server: CountingServer
) -> None:
    journey = """
        import asyncio

        async def buy(vu):
            await asyncio.gather(*(vu.http.get("/slow/2") for _ in range(5)))
        """
    with at_work(tmp_path, journey, server.url(""), entries=ONCE) as hand:
        followed(hand)
        heard = ended(hand)
    (row,) = rows(heard)
    assert (row.requests, row.statuses) == (5, {200: 5})
    assert row.phases[1].count - row.phases[1].buckets.get(0, 0) == 1, "one connection served all"


def test_a_task_cancelled_by_the_journey_itself_is_its_failure(
    tmp_path: Path, server: CountingServer
) -> None:
    journey = """
        import asyncio

        async def buy(vu):
            raise asyncio.CancelledError
        """
    with at_work(tmp_path, journey, server.url(""), entries=ONCE) as hand:
        followed(hand)
        heard = ended(hand)
    assert iterations(heard) == (1, 1, 0)
    assert said(heard) == ["journey shop.py:5: CancelledError; such an iteration counts as failed"]


BAD_FILES = [
    ("import nothing_there\n", "shop.py:1: ModuleNotFoundError: No module named 'nothing_there'"),
    ("def buy(vu):\n    pass\n", "buy is not async; write async def"),
    ("async def buy():\n    pass\n", "buy must take one argument, the vu"),
    ("async def sell(vu):\n    pass\n", "the file has no function buy"),
    ("x = 1 +\n", "shop.py:1: SyntaxError: invalid syntax"),
    ("raise SystemExit\n", "shop.py:1: SystemExit"),
]


@pytest.mark.parametrize(("text", "says"), BAD_FILES, ids=[says for _, says in BAD_FILES])
def test_a_file_that_cannot_be_used_is_said(tmp_path: Path, text: str, says: str) -> None:
    with at_work(tmp_path, text, "http://127.0.0.1:1") as hand:
        assert hand.until(Said).text == f"journey shop.py:buy: {says}"
        assert hand.process.wait(5.0) == Ending.UNUSABLE


def test_what_it_prints_and_imports_beside_it(tmp_path: Path, server: CountingServer) -> None:
    (tmp_path / "basket.py").write_text("SIZE = 3\n", encoding="utf-8")
    (tmp_path / "random.py").write_text("raise ImportError('hidden')\n", encoding="utf-8")
    journey = """
        from random import randint

        from basket import SIZE

        print("read")

        async def buy(vu):
            vu.state.setdefault("seen", []).append(vu.iteration)
            print("seen", vu.state["seen"], SIZE)
        """
    entries = (Entry("default", PerVuIterations(vus=1, iterations=2)),)
    with at_work(tmp_path, journey, server.url(""), entries=entries) as hand:
        followed(hand)
        heard = ended(hand)
    assert said(heard) == []
    assert checks(heard) == {}
    assert hand.log.read_text().splitlines() == ["read", "seen [0] 3", "seen [0, 1] 3"]
