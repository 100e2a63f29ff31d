"""Run either Toxiproxy, the original or the embedded one, and speak to it without a client."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import quote

from tests.support.toxiproxy_server import KINDS, Kind, command, free_port

__all__ = ["KINDS", "Kind", "Reply", "Toxi", "command", "start"]

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Reply:
    """One answer of the control API; header names are in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:  # noqa: ANN401  # whatever the server says
        """The body as JSON says it."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """The value of a header, or None."""
        return dict(self.headers).get(name)


@dataclass(frozen=True)
class Toxi:
    """A running server of either kind."""

    kind: Kind
    port: int
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def embedded(self) -> bool:
        """Whether this is ours."""
        return self.kind == "embedded"

    async def call(
        self, send: str, body: str | bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send `METHOD /path` and read the answer; raises TimeoutError after five seconds."""
        async with asyncio.timeout(5):
            return await asyncio.to_thread(self.ask, send, body, headers)

    async def must(self, send: str, body: object = None) -> Reply:
        """Send JSON, and accept nothing but success."""
        reply = await self.call(send, None if body is None else json.dumps(body))
        assert reply.status < 300, f"{send} {body}: {reply.status} {reply.text}"
        return reply

    def ask(
        self,
        send: str,
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 5,
    ) -> Reply:
        """Send `METHOD /path` and wait for the answer; raises OSError when none comes."""
        method, _, path = send.partition(" ")
        data = body.encode() if isinstance(body, str) else body
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=timeout)) as connection:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if data is not None and "Transfer-Encoding" not in (headers or {}):
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            answer = connection.getresponse()
            heads = tuple((name.lower(), value) for name, value in answer.getheaders())
            return Reply(answer.status, heads, answer.read())

    def tidy(self) -> None:
        """Delete every proxy, so that the next test finds an empty server."""
        assert self.process.poll() is None, f"the {self.kind} server died"
        for name in self.ask("GET /proxies").json():
            assert self.ask(f"DELETE /proxies/{quote(name, safe='')}").status == 204, name


@contextmanager
def start(
    kind: Kind,
    *flags: str,
    port: int = 0,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | int = subprocess.DEVNULL,
) -> Iterator[Toxi]:
    """Run a server on a port of its own while the block runs."""
    port = port or free_port()
    process = subprocess.Popen(
        command(kind, "--host", HOST, "--port", str(port), *flags),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env={**os.environ, **(env or {})},
        start_new_session=True,
    )
    server = Toxi(kind, port, process)
    try:
        _wait_until_it_answers(server)
        yield server
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _wait_until_it_answers(server: Toxi) -> None:
    for _ in range(1000):
        try:
            server.ask("GET /version")
        except OSError:
            assert server.process.poll() is None, f"the {server.kind} server ended at once"
            time.sleep(0.01)
        else:
            return
    raise AssertionError(f"the {server.kind} server does not answer")
