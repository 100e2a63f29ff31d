"""Real protocols through the embedded server: what comes out is what went in."""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.certificates import Authority, needs_openssl
from tests.support.counting_server import counting_server
from tests.support.toxiproxy_pair import HOST, Toxi, start

MEGABYTE = 1_000_000


@pytest.fixture
def server() -> Iterator[Toxi]:
    with start("embedded") as made:
        yield made


def proxied(server: Toxi, port: int) -> int:
    """The port of a proxy in front of another."""
    asked = f'{{"name":"p","listen":"{HOST}:0","upstream":"{HOST}:{port}"}}'
    reply = server.ask("POST /proxies", asked)
    assert reply.status == 201
    return int(reply.json()["listen"].rpartition(":")[2])


def test_http_keeps_its_connection_alive(server: Toxi) -> None:
    with counting_server() as upstream:
        port = proxied(server, upstream.port)
        with httpx.Client(base_url=f"http://{HOST}:{port}", trust_env=False) as client:
            assert {client.get("/").status_code for _ in range(500)} == {200}
        assert upstream.count() == 500
        shown = server.ask("GET /proxies/p").json()
        assert shown["accepted"] == 1


@needs_openssl
def test_tls_passes_and_its_peers_verify_each_other(server: Toxi, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with socket.create_server((HOST, 0)) as listening:
        port = proxied(server, listening.getsockname()[1])

        def answer() -> None:
            raw, _ = listening.accept()
            context = authority.server_context(ask_client=True)
            with context.wrap_socket(raw, server_side=True) as peer:
                while data := peer.recv(65536):
                    peer.sendall(data.upper())
                peer.unwrap()

        answering = threading.Thread(target=answer)
        answering.start()
        context = ssl.create_default_context(cafile=str(authority.ca))
        context.load_cert_chain(authority.client, authority.client_key)
        with (
            socket.create_connection((HOST, port)) as raw,
            context.wrap_socket(raw, server_hostname="localhost") as client,
        ):
            client.sendall(b"secret" * 10_000)
            got = b""
            while len(got) < 60_000:
                got += client.recv(65536)
            client.unwrap()
        answering.join()
    assert got == b"SECRET" * 10_000


@pytest.mark.parametrize(("toxic", "megabytes"), [(None, 1000), ("latency", 200)])
def test_what_comes_out_is_what_went_in(server: Toxi, toxic: str | None, megabytes: int) -> None:
    with socket.create_server((HOST, 0)) as listening:
        through, taking = proxied(server, listening.getsockname()[1]), Sink(listening)
        if toxic:
            body = f'{{"type":"{toxic}","stream":"upstream","attributes":{{"latency":20}}}}'
            assert server.ask("POST /proxies/p/toxics", body).status == 200
        sent = hashlib.blake2b()
        block = hashlib.shake_128(b"seed").digest(MEGABYTE)
        with socket.create_connection((HOST, through)) as client:
            for number in range(megabytes):
                piece = number.to_bytes(8, "big") + block[8:]
                client.sendall(piece)
                sent.update(piece)
        assert taking.digest() == sent.digest()
    shown = server.ask("GET /proxies/p").json()
    assert shown["bytes"]["upstream"] == megabytes * MEGABYTE


class Sink:
    """Takes everything that one connection brings; `digest` waits for its end."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening, self._sum = listening, hashlib.blake2b()
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def digest(self) -> bytes:
        self._thread.join()
        return self._sum.digest()

    def _take(self) -> None:
        connection, _ = self._listening.accept()
        buffer = bytearray(MEGABYTE)
        with connection:
            while size := connection.recv_into(buffer):
                self._sum.update(memoryview(buffer)[:size])
