from __future__ import annotations

import pytest

from loadtui.load.exchange import Exchange
from loadtui.load.head import Call, build_call
from loadtui.load.redirect import next_call


def answer(status: int, location: str | None, *, took: float = 0.0) -> Exchange:
    exchange = Exchange(5.0)
    exchange.ended = 5.0 + took
    exchange.status = status
    field = "" if location is None else f"Location: {location}\r\n"
    exchange.head = f"HTTP/1.1 {status} X\r\n{field}\r\n".encode()
    return exchange


def call(method: str = "POST", body: bytes | None = b"{}") -> Call:
    headers = [
        ("Authorization", "Bearer t"),
        ("Cookie", "a=b"),
        ("Content-Type", "application/json"),
        ("X-Request-Id", "7"),
    ]
    return build_call(method, "http://a:81/x/y?q", headers, body, 10.0)


def names(head: bytes) -> set[str]:
    return {line.split(":")[0].lower() for line in head.decode().split("\r\n")[1:] if line}


def followed(before: Call, exchange: Exchange) -> Call:
    after = next_call(before, exchange)
    assert after is not None
    return after


@pytest.mark.parametrize("status", [301, 302, 303])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_these_turn_a_call_into_a_get_without_body(status: int, method: str) -> None:
    after = followed(call(method), answer(status, "/z"))
    assert (after.method, after.body) == ("GET", b"")
    assert after.head.startswith(b"GET /z HTTP/1.1\r\nHost: a:81\r\n")
    assert not names(after.head) & {"content-type", "content-length"}
    assert {"authorization", "cookie", "x-request-id", "user-agent"} <= names(after.head)


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_head_stays_a_head(status: int) -> None:
    assert followed(call("HEAD", None), answer(status, "/z")).method == "HEAD"


@pytest.mark.parametrize("status", [307, 308])
def test_these_repeat_the_call(status: int) -> None:
    after = followed(call(), answer(status, "?again"))
    assert after.head.startswith(b"POST /x/y?again HTTP/1.1\r\n")
    assert after.head.count(b"Content-Length: 2\r\n") == 1
    assert after.wire.endswith(b"\r\n\r\n{}")
    assert "content-type" in names(after.head)


@pytest.mark.parametrize("location", ["https://a:81/", "http://a:82/", "http://b:81/", "//b/"])
def test_credentials_stay_with_their_origin(location: str) -> None:
    after = followed(call(), answer(307, location))
    assert not names(after.head) & {"authorization", "cookie"}
    assert f"Host: {after.origin.authority}\r\n".encode() in after.head
    assert "x-request-id" in names(after.head)


def test_a_host_of_ones_own_stays_with_its_origin_too() -> None:
    before = build_call("GET", "http://a/", [("Host", "shop.example")])
    assert b"Host: shop.example" in followed(before, answer(302, "/z")).head
    assert b"Host: b\r\n" in followed(before, answer(302, "http://b/")).head


def test_the_time_out_is_for_all_hops_together() -> None:
    assert followed(call(), answer(302, "/z", took=4.0)).timeout == pytest.approx(6.0)
    assert followed(call(), answer(302, "/z", took=40.0)).timeout == 0.0


@pytest.mark.parametrize("status", [200, 204, 300, 304, 305, 404, 500])
def test_other_answers_lead_nowhere(status: int) -> None:
    assert next_call(call(), answer(status, "/z")) is None


def test_a_redirect_without_a_place_leads_nowhere() -> None:
    assert next_call(call(), answer(302, None)) is None
    assert next_call(call(), answer(302, "")) is None


def test_a_place_in_utf_8_is_escaped() -> None:
    assert followed(call(), answer(302, "/ü")).head.startswith(b"GET /%C3%BC HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "location", ["mailto:me@example", "ftp://a/", "http://u:p@a/", "http://[", "http://a:0/"]
)
def test_a_place_that_cannot_be_followed_is_said(location: str) -> None:
    with pytest.raises(ValueError, match="cannot be followed"):
        next_call(call(), answer(302, location))
