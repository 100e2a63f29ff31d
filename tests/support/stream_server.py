"""Servers of WebSockets and event streams on loopback, good ones and bad ones, in threads."""

from __future__ import annotations

import base64
import hashlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
_CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
_TOO_LARGE = 33 * 1024 * 1024


class Bad(socketserver.ThreadingTCPServer):
    """What happens goes by the path that is asked; `gone` is set when a client has left, `closing`
    at the end."""

    daemon_threads, block_on_close, allow_reuse_address = True, False, True

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.gone, self.closing = threading.Event(), threading.Event()
        self.heads: list[str] = []
        super().__init__(("127.0.0.1", 0), _Talk)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)


class _Talk(socketserver.StreamRequestHandler):
    server: Bad

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            if not (line := self.rfile.readline()):
                return
            head += line
        self.server.heads.append(head.decode())
        path = head.split(b" ")[1].partition(b"?")[0].decode()
        with suppress(OSError):
            getattr(self, path.strip("/").replace("-", "_"))(head)

    def wait(self) -> None:
        """Until the client has left."""
        while self.rfile.read1():
            pass
        self.server.gone.set()

    def say(self, *parts: bytes) -> None:
        self.wfile.write(b"".join(parts))

    # -- instead of a handshake ----------------------------------------------------------------

    def close(self, head: bytes) -> None:
        """Say nothing and leave."""

    def garbage(self, head: bytes) -> None:
        self.say(b"\x00\x01\x02 nonsense\r\n\r\n")

    def stall(self, head: bytes) -> None:
        self.wait()

    def forbidden(self, head: bytes) -> None:
        self.say(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    def elsewhere(self, head: bytes) -> None:
        self.say(b"HTTP/1.1 302 Found\r\nLocation: /close\r\nContent-Length: 0\r\n\r\n")

    def cookie(self, head: bytes) -> None:
        self.say(b"HTTP/1.1 200 OK\r\nSet-Cookie: who=7; Path=/\r\nContent-Length: 0\r\n\r\n")

    # -- after a handshake ---------------------------------------------------------------------

    def shaken(self, head: bytes) -> None:
        key = head.lower().partition(b"sec-websocket-key:")[0]
        found = head[len(key) :].partition(b":")[2].partition(b"\r")[0].strip()
        accept = base64.b64encode(hashlib.sha1(found + _MAGIC).digest())  # noqa: S324
        self.say(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )

    def ws_garbage(self, head: bytes) -> None:
        self.shaken(head)
        self.say(b"\xff" * 64)

    def ws_gone(self, head: bytes) -> None:
        self.shaken(head)

    def ws_stall(self, head: bytes) -> None:
        self.shaken(head)
        self.wait()

    def ws_deaf(self, head: bytes) -> None:
        self.shaken(head)
        self.server.closing.wait(30.0)

    def ws_large(self, head: bytes) -> None:
        self.shaken(head)
        self.say(b"\x82\x7f" + _TOO_LARGE.to_bytes(8, "big"))
        self.wait()

    # -- events --------------------------------------------------------------------------------

    def events(self, head: bytes) -> None:
        self.say(_STREAM, _CHUNKED)
        text = (
            b': hello\n\nid: 7\nevent: order\ndata: {"n":\ndata: 1}\n\n'
            b"data: \xe2\x82\xac\r\n\r\ndata: unfinished"
        )
        self.say(*(b"%x\r\n%b\r\n" % (1, text[at : at + 1]) for at in range(len(text))))
        self.say(b"0\r\n\r\n")

    def silent(self, head: bytes) -> None:
        self.say(_STREAM, _CHUNKED, b"a\r\ndata: 1\n\n\n\r\n")
        self.wait()

    def half(self, head: bytes) -> None:
        self.say(_STREAM, _CHUNKED, b"9\r\ndata: 1\n\n\r\n")

    def large(self, head: bytes) -> None:
        self.say(_STREAM, b"\r\n", b"data: ")
        for _ in range(_TOO_LARGE >> 20):
            self.say(b"x" * (1 << 20))

    def json(self, head: bytes) -> None:
        self.say(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        )


@contextmanager
def bad_server(tls: ssl.SSLContext | None = None) -> Iterator[Bad]:
    """Serve for as long as the block lasts."""
    with Bad(tls) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


def url_of(server: Bad) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


@contextmanager
def echo_server(tls: ssl.SSLContext | None = None, path: Path | None = None) -> Iterator[str]:
    """A WebSocket server that says everything back, `bye` excepted, at which it leaves; yields the
    URL for HTTP. `path`: of a socket in the place of a port.
    """

    def talk(peer: ServerConnection) -> None:
        assert peer.request is not None
        if peer.request.path == "/head":
            peer.send(str(peer.request.headers))
        with suppress(ConnectionClosed):
            for message in peer:
                if message == "bye":
                    peer.close(1011, "so long")
                    return
                peer.send(message)

    def select(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
        return Subprotocol("chat") if "chat" in offered else None

    listening = socket.socket(socket.AF_INET if path is None else socket.AF_UNIX)
    listening.bind(("127.0.0.1", 0) if path is None else str(path))
    listening.listen()
    with serve(talk, sock=listening, ssl=tls, select_subprotocol=select) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            scheme = "https" if tls else "http"
            yield f"{scheme}://127.0.0.1:{server.socket.getsockname()[1] if path is None else 0}"
        finally:
            server.shutdown()
            thread.join()
