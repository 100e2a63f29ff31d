from __future__ import annotations

import asyncio
import io
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import httpx
import pytest

from loadtui.demo.folder import sweep
from loadtui.demo.system import DemoSystem
from loadtui.errors import SetupFailed
from tests.demo.running import Running, running, seconds_until
from tests.support.toxiproxy_server import RealServer, real_server


@pytest.fixture(scope="module")
def server() -> Iterator[RealServer]:
    """Give the embedded server, on which the demo runs by itself."""
    with real_server(kind="embedded") as started:
        yield started


@pytest.fixture(scope="module")
def demo(server: RealServer, open_path: Path) -> Iterator[Running]:
    with running(server, open_path) as it:
        yield it


@pytest.fixture(scope="module")
def fragile(demo: Running, open_path: Path) -> Iterator[Running]:
    """A second system, without resilience, with the first one's database as one of its own."""
    dsn = f"postgresql://orders@127.0.0.1:{demo.system.ports.database}/postgres"
    with real_server() as second, running(second, open_path, resilience=False, postgres=dsn) as it:
        yield it


async def test_postgres_copies_through_the_embedded_server_both_ways(demo: Running) -> None:
    (proxy,) = (each for each in demo.system.proxies if each.name == "orders-db")
    direct = f"postgresql://orders@127.0.0.1:{demo.system.ports.database}/postgres"
    through = f"postgresql://orders@{proxy.listen}/postgres"
    rows = random.Random(1).randbytes(4_000_000).hex().encode()
    lines = b"".join(rows[at : at + 80] + b"\n" for at in range(0, len(rows), 80))
    client = await asyncpg.connect(through, ssl=False)
    try:
        await client.execute("create temporary table copied (line text)")
        await client.copy_to_table("copied", source=io.BytesIO(lines))
        back = io.BytesIO()
        await client.copy_from_table("copied", output=back)
    finally:
        await client.close()
    assert back.getvalue() == lines
    assert await _version(direct) == await _version(through)


async def _version(dsn: str) -> str:
    client = await asyncpg.connect(dsn, ssl=False)
    try:
        return str(await client.fetchval("select version()"))
    finally:
        await client.close()


def processes(words: str) -> list[str]:
    """Command lines of living processes that contain `words`."""
    listed = subprocess.run(
        ["ps", "-ewwo", "state=,args="], capture_output=True, text=True, check=True
    )
    lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
    return [args for state, args in lines if words in args and state != "Z"]


# -- what a user of the API meets ------------------------------------------------------------


def test_an_order_is_placed_and_found_again(demo: Running) -> None:
    placed = demo.order()
    assert placed.status_code == 201
    assert placed.json()["total"] == 3000
    found = demo.api.get(f"/api/orders/{placed.json()['id']}")
    assert found.status_code == 200
    assert found.json()["customerId"] == "cust-123"
    assert found.json()["paymentId"] == placed.json()["paymentId"]
    assert found.json()["items"][0] == {"productId": "prod-1", "quantity": 2, "unitPrice": 1500}


def test_there_are_products_and_orders_from_the_start(demo: Running) -> None:
    products = demo.api.get("/api/products").json()
    assert [product["id"] for product in products] == [f"prod-{n}" for n in range(1, 11)]
    assert demo.api.get("/api/orders/order-1").json()["total"] == 1500


@pytest.mark.parametrize("path", ["/api/orders/nobody-knows", "/api/orders/%00", "/nothing"])
def test_what_is_not_there_is_404(demo: Running, path: str) -> None:
    assert demo.api.get(path).status_code == 404


def test_what_is_no_order_is_refused_before_anybody_is_charged(demo: Running) -> None:
    refused = demo.api.post("/api/orders", json={"customerId": "cust-1", "items": []})
    assert refused.status_code == 400
    assert "items" in refused.json()["error"]


def test_a_stranger_is_refused_and_every_answer_carries_the_request_id(demo: Running) -> None:
    ids = {"x-request-id": "r-42"}
    refused = httpx.get(f"{demo.system.target}/api/products", headers=ids, trust_env=False)
    assert (refused.status_code, refused.headers["x-request-id"]) == (401, "r-42")
    assert demo.api.get("/api/products", headers=ids).headers["x-request-id"] == "r-42"


def test_the_server_counts_its_own_answers(demo: Running) -> None:
    before = demo.health()["requests"]
    for _ in range(3):
        demo.api.get("/api/products")
    demo.api.get("/api/orders/nobody-knows")
    after = demo.health()["requests"]
    assert after["GET /api/products"]["200"] == before["GET /api/products"]["200"] + 3
    assert after["GET /api/orders/{id}"]["404"] == before["GET /api/orders/{id}"]["404"] + 1


def test_health_knows_the_pool(demo: Running) -> None:
    assert demo.health()["pool"] == {"size": 10, "max": 10, "inUse": 0}


def test_every_part_says_when_it_starts_and_when_it_is_up(demo: Running) -> None:
    parts = ["payments", "inventory", "postgres", "orders"]
    assert sorted(demo.told) == sorted((part, word) for part in parts for word in ("", "starting…"))
    assert demo.told[-2:] == [("orders", "starting…"), ("orders", "")]


def test_every_process_says_what_it_is(demo: Running) -> None:
    ports = demo.system.ports
    for words in (
        f"loadtui.demo payments --port={ports.payments}",
        f"loadtui.demo inventory --port={ports.inventory}",
        f"loadtui.demo orders --port={ports.orders}",
        f"postgres -D {demo.folder}",
    ):
        assert processes(words), words


def test_nothing_secret_is_on_a_command_line(demo: Running) -> None:
    assert not [line for line in processes("loadtui.demo") if "test-key" in line]


# -- what a fault does -----------------------------------------------------------------------


def test_a_slow_neighbour_opens_the_breaker_and_a_lift_closes_it(demo: Running) -> None:
    before = demo.health()
    with demo.toxic("payments", "latency", latency=2000), ThreadPoolExecutor(3) as callers:
        began = time.monotonic()
        answers = list(callers.map(lambda _: demo.order(), range(3)))
        took = time.monotonic() - began
        # 1 s × 2 tries each; the fifth late one opens the breaker.
        assert {answer.status_code for answer in answers} <= {503, 504}
        assert 504 in {answer.status_code for answer in answers}
        assert took > 1.9
        assert demo.health()["breaker"]["state"] == "open"
        began = time.monotonic()
        refused = demo.order()
        assert time.monotonic() - began < 1.0
        assert refused.status_code == 503
        assert 1 <= int(refused.headers["retry-after"]) <= 5
        assert demo.api.get("/api/products").status_code == 200
    assert seconds_until(lambda: demo.order().status_code == 201) < 7.0
    after = demo.health()
    assert after["breaker"]["state"] == "closed"
    assert after["breaker"]["opened"] == before["breaker"]["opened"] + 1
    assert after["payments"]["retries"] >= before["payments"]["retries"] + 3


def test_a_neighbour_that_is_down_is_an_error_at_once(demo: Running) -> None:
    demo.set_enabled("inventory", enabled=False)
    try:
        answer = demo.order()
    finally:
        demo.set_enabled("inventory", enabled=True)
    assert (answer.status_code, answer.json()["error"]) == (502, "inventory cannot be reached")
    assert demo.order().status_code == 201


# -- without resilience: what recovers is the system, not our pool ---------------------------


def test_a_second_demo_runs_beside_the_first_on_other_ports(
    demo: Running, fragile: Running
) -> None:
    assert fragile.system.target != demo.system.target
    assert not {p.listen for p in fragile.system.proxies} & {p.listen for p in demo.system.proxies}
    assert fragile.order().status_code == demo.order().status_code == 201


def test_a_database_of_ones_own_is_reached_through_a_proxy_too(
    demo: Running, fragile: Running
) -> None:
    (proxy,) = (p for p in fragile.system.proxies if p.name == "orders-db")
    assert proxy.upstream == f"127.0.0.1:{demo.system.ports.database}"
    placed = fragile.order().json()["id"]
    assert demo.api.get(f"/api/orders/{placed}").status_code == 200
    assert "postgres" not in {part for part, _ in fragile.told}


def test_without_resilience_an_order_waits_as_long_as_it_takes(fragile: Running) -> None:
    with fragile.toxic("payments", "latency", latency=2000):
        began = time.monotonic()
        assert fragile.order().status_code == 201
    assert time.monotonic() - began >= 2.0
    assert fragile.health()["breaker"] is None


def listed(it: Running) -> bool:
    return it.api.get("/api/products").status_code == 200


def test_a_database_that_was_down_is_used_again_within_a_second(fragile: Running) -> None:
    fragile.set_enabled("orders-db", enabled=False)
    try:
        assert not any(listed(fragile) for _ in range(20))
    finally:
        fragile.set_enabled("orders-db", enabled=True)
    assert seconds_until(lambda: listed(fragile)) < 1.0
    assert seconds_until(lambda: fragile.order().status_code == 201) < 1.0


def test_a_database_behind_a_black_hole_is_used_again_within_a_second(fragile: Running) -> None:
    with fragile.toxic("orders-db", "timeout", timeout=0), ThreadPoolExecutor(12) as callers:
        began = time.monotonic()
        assert not any(callers.map(lambda _: listed(fragile), range(24)))
        # 1 s for a connection, 2 s for an answer: nobody hangs, whatever the pool holds.
        assert time.monotonic() - began < 8.0
    assert seconds_until(lambda: listed(fragile)) < 1.0
    assert seconds_until(lambda: fragile.order().status_code == 201) < 1.0


# -- how it ends -----------------------------------------------------------------------------


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_part_that_cannot_start_is_named_and_nothing_is_left(open_path: Path) -> None:
    before = names(open_path)
    system = DemoSystem(work_dir=open_path)
    silent = socket.create_server(("127.0.0.1", system.ports.payments))
    with silent, pytest.raises(SetupFailed) as failed:
        await system.start(lambda *_: None, asyncio.Event().wait())
    assert re.match(r"payments ended with code \d+; .*address already in use$", str(failed.value))
    assert names(open_path) == before
    assert not processes(f"--port={system.ports.inventory}")


async def test_a_start_that_is_cancelled_leaves_nothing(open_path: Path) -> None:
    before = names(open_path)
    system = DemoSystem(work_dir=open_path)
    asked_for_proxies = asyncio.Event()

    async def never_ready() -> None:
        asked_for_proxies.set()
        await asyncio.Event().wait()

    start = asyncio.create_task(system.start(lambda *_: None, never_ready()))
    await asyncio.wait_for(asked_for_proxies.wait(), 30)
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert names(open_path) == before
    assert not processes(f"--port={system.ports.payments}")
    await system.stop()


PARENT = """
import asyncio, http.client, json, sys
from pathlib import Path
from loadtui.demo.system import DemoSystem

async def main():
    system = DemoSystem(work_dir=Path(sys.argv[1]))
    for proxy in system.proxies:
        control = http.client.HTTPConnection("127.0.0.1", int(sys.argv[2]))
        made = {"name": proxy.name, "listen": proxy.listen, "upstream": proxy.upstream}
        control.request("POST", "/proxies", json.dumps(made))
        assert control.getresponse().status == 201
        control.close()
    await system.start(lambda *_: None, asyncio.sleep(0))
    print("ready", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def test_a_killed_parent_leaves_no_process_and_the_next_start_no_data(open_path: Path) -> None:
    others = names(open_path)
    with (
        real_server() as server,
        subprocess.Popen(
            [sys.executable, "-c", PARENT, str(open_path), str(server.port)],
            stdout=subprocess.PIPE,
            text=True,
        ) as parent,
    ):
        try:
            assert parent.stdout is not None
            assert parent.stdout.readline() == "ready\n"
            born = descendants(parent.pid)
            assert len(born) > 10  # three services, a supervisor, a server and its ten connections
        finally:
            parent.kill()
    seconds_until(lambda: not born & living(), within=10.0)
    (left,) = names(open_path) - others
    assert (open_path / left / "data" / "PG_VERSION").exists()
    sweep(open_path)
    assert names(open_path) == others


def process_table() -> list[tuple[int, int, str]]:
    """Process, parent and state of everything that runs."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid=,state="], capture_output=True, check=True)
    rows = (line.split() for line in table.stdout.decode().splitlines())
    return [(int(pid), int(ppid), state) for pid, ppid, state in rows]


def descendants(pid: int) -> set[int]:
    found, fresh = set[int](), {pid}
    while fresh:
        fresh = {child for child, parent, _ in process_table() if parent in fresh} - found
        found |= fresh
    return found


def living() -> set[int]:
    """An orphan may wait a moment to be reaped: it is gone already."""
    return {pid for pid, _, state in process_table() if not state.startswith("Z")}
