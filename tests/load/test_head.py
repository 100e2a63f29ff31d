from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui import __version__
from loadtui.load.head import build_call
from loadtui.load.url import Origin


def lines(head: bytes) -> list[str]:
    assert head.endswith(b"\r\n\r\n")
    return head[:-4].decode().split("\r\n")


def test_a_get_says_who_asks_and_what_it_accepts() -> None:
    call = build_call("GET", "http://127.0.0.1:3000/api?x=1", timeout=5)
    assert lines(call.head) == [
        "GET /api?x=1 HTTP/1.1",
        "Host: 127.0.0.1:3000",
        f"User-Agent: loadtui/{__version__}",
        "Accept: */*",
        "Accept-Encoding: gzip, deflate, br",
    ]
    assert (call.method, call.body, call.timeout) == ("GET", b"", 5)
    assert call.origin == Origin("http", "127.0.0.1", 3000)
    assert call.wire == call.head


def test_a_body_brings_its_length() -> None:
    call = build_call("POST", "http://h/", [("Content-Type", "text/plain")], b"h\xc3\xa4")
    assert lines(call.head)[-2:] == ["Content-Type: text/plain", "Content-Length: 3"]
    assert call.wire == call.head + b"h\xc3\xa4"


@pytest.mark.parametrize(
    ("method", "body", "length"),
    [
        ("POST", None, ["0"]),
        ("PUT", None, ["0"]),
        ("POST", b"", ["0"]),
        ("GET", None, []),
        ("DELETE", None, []),
        ("DELETE", b"x", ["1"]),
    ],
)
def test_methods_that_have_bodies_say_when_there_is_none(
    method: str, body: bytes | None, length: list[str]
) -> None:
    head = lines(build_call(method, "http://h/", (), body).head)
    found = [line.split(": ")[1] for line in head if line.startswith("Content-Length")]
    assert found == length


def test_what_is_given_replaces_what_would_be_added() -> None:
    given_headers = [("host", "shop.example"), ("USER-AGENT", "me"), ("accept", "text/html")]
    head = lines(build_call("GET", "http://127.0.0.1/", given_headers).head)
    assert head == [
        "GET / HTTP/1.1",
        "Accept-Encoding: gzip, deflate, br",
        "host: shop.example",
        "USER-AGENT: me",
        "accept: text/html",
    ]


def test_a_header_may_be_given_twice_and_hold_utf_8() -> None:
    call = build_call("GET", "http://h/", [("X", "1"), ("X", "ä")])
    assert call.head.endswith("X: 1\r\nX: ä\r\n\r\n".encode())


@pytest.mark.parametrize(
    ("method", "url", "headers", "words"),
    [
        ("GET", "nowhere", [], "no http:// or https:// URL"),
        ("GET /", "http://h/", [], "no method"),
        ("", "http://h/", [], "no method"),
        ("CONNECT", "http://h/", [], "no method"),
        ("GET", "http://h/", [("X-A", "1\r\nX-B: 2")], "header X-A holds a line break"),
        ("GET", "http://h/", [("X", "1"), ("Y", "\n")], "header Y holds a line break"),
        ("GET", "http://h/", [("X", "\r")], "header X holds a line break"),
        ("GET", "http://h/", [("X", "a\0b")], "header X holds a line break or NUL"),
        ("GET", "http://h/", [("X Y", "1")], "'X Y' is no valid header name"),
        ("GET", "http://h/", [("", "1")], "'' is no valid header name"),
        ("GET", "http://h/", [("X\r\nY", "1")], "no valid header name"),
        ("GET", "http://h/", [("Content-Length", "7")], "content-length is computed"),
        ("POST", "http://h/", [("Transfer-Encoding", "chunked")], "is computed"),
        ("GET", "http://h/", [("X", "\ud800")], "cannot be sent as UTF-8"),
    ],
)
def test_what_must_not_be_sent_is_refused_in_words(
    method: str, url: str, headers: list[tuple[str, str]], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        build_call(method, url, headers)


@given(st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_no_header_smuggles_a_line(headers: list[tuple[str, str]]) -> None:
    try:
        head = build_call("GET", "http://h/", headers).head
    except ValueError:
        return
    own = {"host", "user-agent", "accept", "accept-encoding"} - {n.lower() for n, _ in headers}
    assert head.count(b"\r\n") == head.count(b"\r") == head.count(b"\n")
    assert head.count(b"\r\n") == 2 + len(own) + len(headers)
