from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from bench.job import ORDER
from bench.server import Server, exact_server


@contextmanager
def asking(
    server: Server, method: str, body: str | None = None
) -> Iterator[http.client.HTTPResponse]:
    """The answer, on a connection that stays open as long as the block."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    with closing(connection):
        connection.request(method, "/api/orders", body)
        with connection.getresponse() as answer:
            yield answer


def test_it_answers_a_posted_order_with_201_and_an_id_no_sooner_than_its_delay() -> None:
    with exact_server(20) as server:
        began = time.perf_counter()
        with asking(server, "POST", ORDER) as answer:
            took = time.perf_counter() - began
            assert answer.status == 201
            assert json.loads(answer.read())["id"]
        assert took >= 0.02
        late = server.look().late
        assert 0 <= late[0] <= late[1]


def test_it_counts_requests_and_open_connections_but_not_looks() -> None:
    with exact_server(1) as server:
        assert server.look().connections == 0
        with asking(server, "GET") as answer:
            assert answer.status == 200
            look = server.look()
        assert (look.requests, look.connections) == (1, 1)
        assert server.wait_until(lambda look: look.connections == 0, 5)
        assert server.count() == 1


def test_requests_in_pieces_and_several_at_once_are_each_answered() -> None:
    with exact_server(1) as server, socket.create_connection(("127.0.0.1", server.port)) as peer:
        peer.settimeout(10)
        post = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nabcd"
        peer.sendall(post[:20])
        assert server.count() == 0
        peer.sendall(post[20:] + post)
        assert server.wait_until(lambda look: look.requests == 2, 5)
        got = b""
        while got.count(b"201 Created") < 2:
            got += peer.recv(65536)
        assert got.startswith(b"HTTP/1.1 201 Created\r\n")
