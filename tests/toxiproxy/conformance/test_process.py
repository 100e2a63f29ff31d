"""The server as a process: configuration file, metrics, signals, logs, command line."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.toxiproxy_answers import UNROUTED, Case, check, check_heads
from tests.support.toxiproxy_pair import HOST, KINDS, Kind, Toxi, command, start
from tests.support.toxiproxy_server import free_port
from tests.support.toxiproxy_wire import PATIENCE, wire

METRICS = {"content-type": None, "x-toxiproxy-request-id": None}
EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
"""What the content type begins with; newer libraries of the original's add `; escaping=…`."""
CONFIG = [
    {"name": "on", "listen": "localhost:0", "upstream": "localhost:1"},
    {"name": "off", "listen": "localhost:0", "upstream": "localhost:1", "enabled": False},
]


@pytest.fixture(scope="module", params=KINDS)
def measured(request: pytest.FixtureRequest) -> Iterator[Toxi]:
    """Give a server of each kind that shows its metrics."""
    with start(request.param, "--proxy-metrics") as server:
        yield server


async def test_a_config_file_makes_proxies(kind: Kind, tmp_path: Path) -> None:
    config = tmp_path / "proxies.json"
    config.write_text(json.dumps(CONFIG), encoding="utf-8")
    with start(kind, "--config", str(config)) as server:
        found = (await server.must("GET /proxies")).json()
        assert {name: each["enabled"] for name, each in found.items()} == {"on": True, "off": False}
        assert found["on"]["listen"].startswith("127.0.0.1:")
        assert found["off"]["listen"] == "localhost:0"


@pytest.mark.parametrize("text", ['[{"name":"a","upstream":"u:1"},{"name":"b"}]', "[{", None])
async def test_a_bad_config_file_is_said_and_the_server_starts_empty(
    kind: Kind, tmp_path: Path, text: str | None
) -> None:
    config, log = tmp_path / "proxies.json", tmp_path / "log"
    if text is not None:
        config.write_text(text, encoding="utf-8")
    with log.open("wb") as output, start(kind, "--config", str(config), output=output) as server:
        assert (await server.must("GET /proxies")).json() == {}
    assert [line["level"] for line in lines(log)].count("error") == 1


def lines(log: Path) -> list[dict[str, object]]:
    """Read a log: one JSON object a line."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("level", "said", "unsaid"),
    [
        (None, {"info"}, {"warn", "error"}),  # the original's default shows debug lines, ours not
        ("error", set(), {"info", "debug"}),
        ("debug", {"info", "debug"}, {"warn", "error"}),
    ],
)
async def test_the_log_has_a_line_of_json_for_what_its_level_shows(
    kind: Kind,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    level: str | None,
    said: set[str],
    unsaid: set[str],
) -> None:
    monkeypatch.delenv("LOG_LEVEL", raising=False)
    log = tmp_path / "log"
    env = {} if level is None else {"LOG_LEVEL": level}
    with log.open("wb") as output, start(kind, env=env, output=output) as server:
        await server.must("POST /reset")
    found = lines(log)
    levels = {line["level"] for line in found}
    assert said <= levels
    assert not unsaid & levels
    assert all({"level", "time"} <= set(line) for line in found)


async def test_a_level_that_does_not_exist_is_said_and_the_rest_is_logged(
    kind: Kind, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with log.open("wb") as output, start(kind, env={"LOG_LEVEL": "bogus"}, output=output):
        pass
    found = [line["level"] for line in lines(log)]
    assert found[0] == "error"
    assert "info" in found


async def test_a_debug_log_tells_every_request(kind: Kind, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        log.open("wb") as output,
        start(kind, env={"LOG_LEVEL": "debug"}, output=output) as server,
    ):
        await server.call("GET /proxies/none", headers={"User-Agent": "curl/8"})
    told = [line for line in lines(log) if line.get("url") == "/proxies/none"]
    assert [(line["method"], line["status"], line["user_agent"]) for line in told] == [
        ("GET", 404, "curl/8")
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_in_peace(kind: Kind, number: signal.Signals) -> None:
    with start(kind) as server:
        async with wire(server) as proxy:
            pair = await proxy.connect()
            server.process.send_signal(number)
            assert await asyncio.to_thread(server.process.wait, PATIENCE) == 0
            await pair.client.over()


def test_an_unknown_flag_ends_it_with_2(kind: Kind) -> None:
    done = subprocess.run(command(kind, "--nope"), capture_output=True, check=False, timeout=20)
    assert done.returncode == 2
    assert b"nope" in done.stderr


def test_a_port_in_use_ends_ours_and_leaves_the_original_deaf(kind: Kind) -> None:
    """Differs: the original stays alive without a control API; nobody can tell from outside."""
    with start("real") as first:
        taken = command(kind, "--host", HOST, "--port", str(first.port))
        second = subprocess.Popen(taken, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            if kind == "real":
                assert second.stdout is not None
                assert any(b"address already in use" in line for line in second.stdout)
                assert second.poll() is None
            else:
                told, _ = second.communicate(timeout=20)
                assert second.returncode not in {0, None}
                assert f"{HOST}:{first.port}".encode() in told
        finally:
            second.kill()
            second.communicate()


async def test_two_servers_run_side_by_side(kind: Kind) -> None:
    with start(kind) as one, start(kind) as other:
        await one.must("POST /proxies", {"name": "p", "listen": f"{HOST}:0", "upstream": "u:1"})
        assert (await other.must("GET /proxies")).json() == {}


async def test_it_listens_where_it_is_told(kind: Kind) -> None:
    port = free_port()
    with start(kind, port=port) as server:
        assert server.port == port
        assert (await server.must("GET /version")).status == 200


async def counters(server: Toxi) -> list[str]:
    """Read the lines of Toxiproxy's own counters."""
    text = (await server.must("GET /metrics")).text
    return [line for line in text.splitlines() if line.startswith("toxiproxy_")]


async def test_metrics_count_what_a_closed_connection_moved(measured: Toxi) -> None:
    async with wire(measured, "met") as proxy:
        pair = await proxy.connect()
        pair.client.send(b"four")
        pair.peer.send(b"ten bytes!")
        await asyncio.gather(pair.peer.got(4), pair.client.got(10))
        pair.peer.close()
        await pair.client.over()
        pair.client.close()
        wanted = [
            f'toxiproxy_proxy_{what}_bytes_total{{direction="{direction}",'
            f'listener="{proxy.listen}",proxy="met",upstream="{proxy.upstream}"}} {count}'
            for what in ("received", "sent")
            for direction, count in (("downstream", 10), ("upstream", 4))
        ]
        found: list[str] = []
        for _ in range(50):  # the original counts a little after the end
            found = [line for line in await counters(measured) if 'proxy="met"' in line]
            if found == wanted:
                break
            await asyncio.sleep(0.01)
        assert found == wanted
    await measured.must("DELETE /proxies/met")


async def test_metrics_of_ours_move_while_a_connection_lives(measured: Toxi) -> None:
    """Differs: with keep-alive load the original's counters stand still for hours."""
    async with wire(measured, "live") as proxy:
        pair = await proxy.connect()
        pair.client.send(b"four")
        await pair.peer.got(4)
        moved = [line for line in await counters(measured) if 'proxy="live"' in line]
        assert any(line.endswith(" 4") for line in moved) is measured.embedded
    await measured.must("DELETE /proxies/live")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_metrics_answer_to_any_method(measured: Toxi, method: str) -> None:
    reply = await measured.must(f"{method} /metrics")
    assert "# TYPE promhttp_metric_handler_errors_total counter\n" in reply.text
    check_heads(measured, reply, METRICS)
    assert (reply.header("content-type") or "").startswith(EXPOSITION)


async def test_metrics_are_hidden_from_browsers(measured: Toxi) -> None:
    reply = await measured.call("GET /metrics", headers={"User-Agent": "Mozilla/5.0"})
    assert reply.status == 403


async def test_other_routes_stay_as_they_are_with_metrics(measured: Toxi) -> None:
    await check(measured, Case("", "PUT /proxies", None, 405, "", UNROUTED))
