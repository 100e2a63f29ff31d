from __future__ import annotations

import re
from collections.abc import Generator

import httpx
import pytest

from loadtui.load.exchange import Exchange
from loadtui.load.failure import ErrorKind
from loadtui.load.head import Call, build_call
from loadtui.load.journey_auth import Auth, ask_signed

URL = "http://127.0.0.1:3000/me"
CHALLENGE = 'WWW-Authenticate: Digest realm="r", nonce="n1", qop="auth", algorithm=MD5\r\n'


class Server:
    """Answers in turn, and keeps what it was asked."""

    def __init__(self, *answers: tuple[int, str]) -> None:
        self._answers = list(answers)
        self.calls: list[Call] = []
        self.expected: list[frozenset[int]] = []

    async def ask(self, call: Call, expected: frozenset[int]) -> Exchange:
        self.calls.append(call)
        self.expected.append(expected)
        status, fields = self._answers.pop(0)
        out = Exchange()
        if not status:
            out.error = "refused"
            return out
        out.status = status
        out.head = f"HTTP/1.1 {status} X\r\n{fields}\r\n".encode()
        return out

    async def signed(self, auth: Auth) -> Exchange:
        call = build_call("POST", URL, [("x-a", "1")], b"{}")
        return await ask_signed(auth, URL, call, frozenset({200}), self.ask)


async def test_a_name_and_a_password_are_one_header() -> None:
    server = Server((200, ""))
    assert (await server.signed(("me", "secret"))).status == 200
    assert server.calls[0].header("authorization") == "Basic bWU6c2VjcmV0"
    assert (server.calls[0].body, server.calls[0].header("x-a")) == (b"{}", "1")


async def test_digest_asks_twice_and_the_first_refusal_is_no_failure() -> None:
    server = Server((401, CHALLENGE), (200, ""))
    assert (await server.signed(httpx.DigestAuth("me", "secret"))).status == 200
    first, second = server.calls
    assert first.header("authorization") == ""
    assert re.match(r'Digest username="me", realm="r", nonce="n1"', second.header("authorization"))
    assert (second.body, second.head.count(b"x-a: 1")) == (b"{}", 1)
    assert [401 in each for each in server.expected] == [True, False]


async def test_a_flow_may_fetch_a_token_first() -> None:
    class Token(httpx.Auth):
        def auth_flow(
            self, request: httpx.Request
        ) -> Generator[httpx.Request, httpx.Response, None]:
            answer = yield httpx.Request("GET", "http://127.0.0.1:3000/token")
            request.headers["Authorization"] = f"Bearer {answer.headers['x-token']}"
            yield request

    server = Server((200, "X-Token: t1\r\n"), (200, ""))
    await server.signed(Token())
    first, second = server.calls
    assert (first.method, first.target) == ("GET", "/token")
    assert (second.method, second.header("authorization")) == ("POST", "Bearer t1")


async def test_without_an_answer_the_flow_ends() -> None:
    kind: ErrorKind = "refused"
    server = Server((0, ""))
    assert (await server.signed(httpx.DigestAuth("me", "secret"))).error == kind
    assert len(server.calls) == 1


async def test_a_flow_cannot_smuggle_a_header() -> None:
    class Evil(httpx.Auth):
        def auth_flow(
            self, request: httpx.Request
        ) -> Generator[httpx.Request, httpx.Response, None]:
            request.headers["Authorization"] = "a\r\nx-evil: 1"
            yield request

    with pytest.raises(ValueError, match=r"(?i)authorization holds a line break"):
        await Server((200, "")).signed(Evil())
