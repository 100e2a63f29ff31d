from __future__ import annotations

import json
import socket
import threading
import time

import pytest

from loadtui import __version__
from loadtui.chaos.wire import Wire
from loadtui.errors import ControlError, ServerLost, ServerStuck
from tests.support.scripted_server import (
    answering,
    http,
    read_request,
    scripted_server,
    silent,
)
from tests.support.toxiproxy_server import free_port

OK = http("200 OK", b'{"a": 1}')


def test_an_answer_comes_with_status_text_and_value() -> None:
    with scripted_server(answering(OK)) as server:
        answer = Wire(server.url).send("GET", "/proxies", None, 2.0)
    assert (answer.status_code, answer.text, answer.json()) == (200, '{"a": 1}', {"a": 1})


def test_a_request_names_us_and_carries_json_below_the_urls_path() -> None:
    heard: list[bytes] = []

    def script(connection: socket.socket) -> None:
        heard.append(read_request(connection))
        connection.sendall(OK)

    with scripted_server(script) as server:
        Wire(f"{server.url}/toxi").send("POST", "/proxies", {"name": "é"}, 2.0)
    head, _, body = heard[0].decode().partition("\r\n\r\n")
    assert head.startswith("POST /toxi/proxies HTTP/1.1\r\n")
    assert f"User-Agent: loadtui/{__version__}" in head
    assert json.loads(body) == {"name": "é"}


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"],
    ids=["in the head", "in the body"],
)
def test_a_trickling_answer_is_bounded_as_a_whole(head: bytes) -> None:
    ended = threading.Event()

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(head)
        while not ended.wait(0.02):
            connection.sendall(b"x")

    with scripted_server(script) as server:
        started = time.monotonic()
        with pytest.raises(ServerStuck, match=r"did not answer within 0\.3 s"):
            Wire(server.url).send("GET", "/proxies", None, 0.3)
        took = time.monotonic() - started
        ended.set()
    assert 0.25 < took < 2


def test_a_fast_flood_is_bounded_too() -> None:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")  # no length: until the connection ends
        while True:
            connection.sendall(b"x" * 65536)

    with scripted_server(script) as server, pytest.raises(ServerStuck):
        Wire(server.url).send("GET", "/proxies", None, 0.2)


def test_silence_is_stuck_and_nobody_is_lost() -> None:
    with scripted_server(silent) as server, pytest.raises(ServerStuck):
        Wire(server.url).send("GET", "/proxies", None, 0.2)
    port = free_port()
    with pytest.raises(ServerLost, match=f"nothing listens at 127.0.0.1:{port}"):
        Wire(f"http://127.0.0.1:{port}").send("GET", "/proxies", None, 2.0)


def test_a_connection_that_breaks_is_lost() -> None:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")

    with scripted_server(script) as server, pytest.raises(ServerLost, match="broke"):
        Wire(server.url).send("GET", "/proxies", None, 2.0)


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        (
            http("404 Not Found", b'{"error":"proxy not found","status":404}\n'),
            404,
            "proxy not found",
        ),
        (http("403 Forbidden", b"User agent not allowed"), 403, "User agent not allowed"),
        (http("405 Method Not Allowed"), 405, "status 405 without a word"),
        (http("301 Moved", b"", "Location: /elsewhere"), 301, "status 301 without a word"),
    ],
)
def test_every_status_from_300_on_is_an_error_in_the_servers_words(
    answer: bytes, status: int, text: str
) -> None:
    with scripted_server(answering(answer, OK)) as server:
        with pytest.raises(ControlError) as caught:
            Wire(server.url).send("GET", "/proxies", None, 2.0)
        assert server.connections == 1
    assert (caught.value.status, caught.value.text) == (status, text)
    assert type(caught.value) is ControlError


def test_the_servers_own_time_out_means_stuck() -> None:
    page = b"<html><head><title>Timeout</title></head></html>"
    busy = answering(http("503 Unavailable", page))
    with scripted_server(busy) as server, pytest.raises(ServerStuck) as caught:
        Wire(server.url).send("GET", "/proxies", None, 2.0)
    assert caught.value.status == 503


def test_a_thread_keeps_its_connection_and_shares_it_with_nobody() -> None:
    with scripted_server(answering(OK)) as server:
        wire = Wire(server.url)

        def ask() -> None:
            for _ in range(3):
                wire.send("GET", "/proxies", None, 2.0)

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert server.connections == 2


def test_a_call_after_a_stuck_one_starts_afresh() -> None:
    turns = iter([silent, answering(OK)])

    def script(connection: socket.socket) -> None:
        next(turns)(connection)

    with scripted_server(script) as server:
        wire = Wire(server.url)
        with pytest.raises(ServerStuck):
            wire.send("GET", "/proxies", None, 0.2)
        assert wire.send("GET", "/proxies", None, 2.0).status_code == 200


def test_proxy_settings_of_the_shell_are_not_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, nobody)
    with scripted_server(answering(OK)) as server:
        assert Wire(server.url).send("GET", "/proxies", None, 2.0).status_code == 200
