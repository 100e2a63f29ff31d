from __future__ import annotations

import gzip

import pytest

from loadtui.load.exchange import LOOKED_AT, Exchange, final_head, find_special


def answered(head: str, raw: bytes = b"") -> Exchange:
    exchange = Exchange()
    exchange.status = 200
    exchange.head = head.replace("\n", "\r\n").encode("latin-1") + raw
    exchange.raw = raw
    return exchange


def test_a_header_is_found_whatever_its_case() -> None:
    exchange = answered("HTTP/1.1 200 OK\nContent-TYPE:  text/plain \nX-A: 1\n\n", b"X-B: 2\r\n")
    assert exchange.header("content-type") == "text/plain"
    assert exchange.header("X-a") == "1"
    assert exchange.header("x-b") is None
    assert exchange.header("ontent-type") is None


def test_headers_of_one_name_are_joined() -> None:
    exchange = answered("HTTP/1.1 200 OK\nVary: a\nX: é\nvary: b\nVary:\n\n")
    assert exchange.header("vary") == "a, b, "
    assert exchange.header("x") == "é"


def test_headers_of_an_informational_answer_are_not_those_of_the_answer() -> None:
    exchange = answered("HTTP/1.1 103 Early\nLink: x\n\nHTTP/1.1 200 OK\nX: y\n\n")
    assert exchange.header("link") is None
    assert exchange.header("x") == "y"


def test_the_head_is_empty_until_it_is_whole() -> None:
    whole = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n\r\n"
    assert all(final_head(whole[:cut]) == b"" for cut in range(len(whole)))
    assert final_head(whole) == b"HTTP/1.1 200 OK\r\nX: y"


def test_a_body_is_decoded_when_somebody_looks() -> None:
    exchange = answered("HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n", gzip.compress(b'{"a": [1]}'))
    assert exchange.body == b'{"a": [1]}'
    assert exchange.json() == {"a": [1]}
    assert exchange.json() is exchange.json()


def test_a_body_that_cannot_be_decoded_stays_as_it_came_and_json_says_why() -> None:
    exchange = answered("HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n", b"no gzip")
    assert exchange.body == b"no gzip"
    with pytest.raises(ValueError, match="the compressed body is damaged"):
        exchange.json()


@pytest.mark.parametrize("raw", [b"", b"<html>", b"{", b"\xff\xfe"])
def test_what_is_no_json_is_said(raw: bytes) -> None:
    with pytest.raises(ValueError, match="the body is no JSON"):
        answered("HTTP/1.1 200 OK\n\n", raw).json()


def test_the_duration_is_without_the_connection_but_a_time_out_counts_in_full() -> None:
    exchange = Exchange(10.0)
    exchange.ended, exchange.blocked = 11.5, 1_000_000
    exchange.sending, exchange.waiting, exchange.receiving = 1, 400_000, 20
    assert exchange.duration_us == 400_021
    exchange.error = "connect_timeout"
    assert exchange.duration_us == 1_500_000


@pytest.mark.parametrize(
    ("line", "is_special"),
    [
        (b"Set-Cookie: a", True),
        (b"SET-COOKIE:a", True),
        (b"X-Set-Cookie: a", False),
        (b"Set: x", False),
        (b"content-Encoding: br", True),
        (b"Content-Type: a", False),
    ],
)
def test_a_glance_tells_whether_an_answer_is_special(line: bytes, is_special: bool) -> None:
    head = b"HTTP/1.1 200 OK\r\nX: y\r\n" + line + b"\r\n\r\n"
    assert (find_special(head, 0, LOOKED_AT) is not None) == is_special
