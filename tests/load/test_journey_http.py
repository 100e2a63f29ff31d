from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from loadtui.load.head import build_call
from loadtui.load.journey_call import write
from loadtui.load.journey_http import name_of
from loadtui.load.prepared_journey import PreparedJourney
from loadtui.load.values import Sources, Values
from loadtui.measure.recorder import Recorder
from loadtui.model.journey import Code
from loadtui.model.text import Text, Variable, constant

NAMES = [
    ("/api/orders", "GET /api/orders"),
    ("/api/orders/7", "GET /api/orders/${id}"),
    ("/api/orders/7/items/12?x=1#y", "GET /api/orders/${id}/items/${id}"),
    ("/o/0f8fad5b-d9cb-469f-a165-70867728950e", "GET /o/${id}"),
    ("/o/0F8FAD5BD9CB469FA16570867728950E/", "GET /o/${id}/"),
    ("/o/64b7f0c2e4b0a1a2b3c4d5e6", "GET /o/${id}"),
    ("/v1/7up", "GET /v1/7up"),
    ("/o/A-7", "GET /o/A-7"),
    ("http://h:1/a/7", "GET /a/${id}"),
    ("http://h:1", "GET /"),
    ("?page=2", "GET /"),
]


@pytest.mark.parametrize(("url", "name"), NAMES)
def test_names_are_templates(url: str, name: str) -> None:
    assert name_of("GET", url) == name


async def _function(_: object) -> None: ...


def prepared(target: str = "", headers: tuple[tuple[str, Text], ...] = ()) -> PreparedJourney:
    code = Code(
        file=str(Path("/shop.py")), function="f", written="s", target=target, headers=headers
    )
    return PreparedJourney(code, _function, Recorder(), {"scenario": "default"}, lambda _: None)


URLS = [
    ("http://h/v1", "/a", "http://h/v1/a"),
    ("http://h/v1/", "a", "http://h/v1/a"),
    ("http://h/v1", "?q=1", "http://h/v1?q=1"),
    ("http://h/v1", "https://other/x", "https://other/x"),
    ("", "http://h/x", "http://h/x"),
]


@pytest.mark.parametrize(("target", "url", "whole"), URLS)
def test_urls_are_joined_to_the_target(target: str, url: str, whole: str) -> None:
    assert prepared(target).calls.absolute(url) == whole


@pytest.mark.parametrize("url", ["/a", "a", "?q", "//h/a", ""])
def test_a_relative_url_needs_a_target(url: str) -> None:
    with pytest.raises(ValueError, match="is relative and there is no target"):
        prepared().calls.absolute(url)


HEADERS = (
    ("x-vu", Text((Variable("vu", escape="header"),))),
    ("X-Key", constant("k")),
    ("content-type", constant("text/plain")),
)
WRITTEN = [
    # content type of the body, own headers, body, the same request for build_call
    ("", {}, None, [("X-Key", "k"), ("content-type", "text/plain"), ("x-vu", "3")]),
    ("a/json", {}, b"{}", [("X-Key", "k"), ("content-type", "a/json"), ("x-vu", "3")]),
    (
        "a/json",
        {"x-key": "own", "Content-Type": "b/json"},
        b"{}",
        [("x-key", "own"), ("Content-Type", "b/json"), ("x-vu", "3")],
    ),
    ("", {"X-VU": "7"}, b"x", [("X-Key", "k"), ("content-type", "text/plain"), ("X-VU", "7")]),
]


@pytest.mark.parametrize(("kind", "own", "body", "headers"), WRITTEN)
def test_requests_are_those_of_the_request_list(
    kind: str, own: dict[str, str], body: bytes | None, headers: list[tuple[str, str]]
) -> None:
    values = Values(3, Sources(Random(1), Random(2), lambda: 0.0))
    calls = prepared("http://h/v1", HEADERS).calls
    for _ in range(2):  # afresh, and from what was kept
        start = calls.start("POST", "/a b", kind, own)
        call = write(start, "POST", own, body, 5.0, values)
        expected = build_call("POST", "http://h/v1/a b", headers, body, 5.0)
        assert (call.wire, call.body, call.origin) == (
            expected.wire,
            expected.body,
            expected.origin,
        )


@pytest.mark.parametrize(
    ("method", "own", "says"),
    [
        ("G T", {}, "'G T' is no method"),
        ("GET", {"a b": "c"}, "'a b' is no valid header name"),
        ("GET", {"a": "b\r\nc: d"}, "the value of header a holds a line break"),
        ("GET", {"Content-Length": "3"}, "content-length is computed"),
    ],
)
def test_what_must_not_be_sent(method: str, own: dict[str, str], says: str) -> None:
    values = Values(3, Sources(Random(1), Random(2), lambda: 0.0))
    calls = prepared("http://h").calls
    with pytest.raises(ValueError, match=says):
        write(calls.start(method, "/", "", own), method, own, None, 5.0, values)


def test_series_are_remembered_but_not_without_end() -> None:
    journey = prepared()
    first = journey.series("GET", "a", (), {"n": 0})
    assert first is journey.series("GET", "a", (), {"n": 0})
    assert dict(first.tags) == {"method": "GET", "n": "0", "scenario": "default"}
    for number in range(10_000):
        journey.series("GET", "a", (), {"n": number})
    assert len(journey._series) <= 4096
    assert first is journey.series("GET", "a", (), {"n": 0})
