from __future__ import annotations

import json
import re

import pytest
from starlette.responses import Response

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.admin import answers
from loadtui.toxiproxy.proxy import Proxy, Surroundings
from loadtui.toxiproxy.settings import Settings
from loadtui.toxiproxy.traffic import Traffic

PLAIN = "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("answer", "status", "body", "type_", "identified"),
    [
        (answers.page(201, "{}"), 201, b"{}", "application/json", True),
        (answers.gone(), 204, b"", None, True),
        (answers.error("a<b", 409), 409, b'{"error":"a\\u003cb","status":409}\n', PLAIN, True),
        (answers.not_found(), 404, b"404 page not found\n", PLAIN, False),
        (answers.not_for_browsers(), 403, b"User agent not allowed\n", PLAIN, True),
        (answers.bare(405), 405, b"", None, False),
    ],
    ids=["page", "gone", "error", "not found", "browser", "bare"],
)
def test_an_answer_has_the_originals_body_and_headers_and_says_who_speaks(
    answer: Response, status: int, body: bytes, type_: str | None, identified: bool
) -> None:
    assert (answer.status_code, bytes(answer.body)) == (status, body)
    assert answer.headers.get("content-type") == type_
    assert answer.headers.get("content-length") == (None if status == 204 else str(len(body)))
    assert answer.headers.get("x-content-type-options") == ("nosniff" if type_ == PLAIN else None)
    assert answer.headers["x-toxiproxy-server"] == "loadtui"
    assert bool(answer.headers.get("x-toxiproxy-request-id")) is identified


def test_no_two_requests_have_the_same_identity() -> None:
    made = {answers.request_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch("[0-9a-v]{20}", each) for each in made)


def test_a_proxy_is_shown_with_its_toxics_and_what_passed_it() -> None:
    shown = Proxy("<p>", "127.0.0.1:1", "u:2", Surroundings(Settings(), 1, Traffic))
    shown.add(Toxic("d", "timeout", "downstream", 0.5, {"timeout": 9}))
    shown.add(Toxic("u", "noop", "upstream"))
    shown.accepted = 4
    shown.traffic.tallies["upstream"].sent = 10
    shown.traffic.tallies["downstream"].received = 99  # read, but not passed on
    page = answers.proxy(shown)
    assert page == (
        '{"name":"\\u003cp\\u003e","listen":"127.0.0.1:1","upstream":"u:2","enabled":false,'
        '"Logger":{},"toxics":[{"attributes":{},"name":"u","type":"noop","stream":"upstream",'
        '"toxicity":1},{"attributes":{"timeout":9},"name":"d","type":"timeout",'
        '"stream":"downstream","toxicity":0.5}],"connections":0,"accepted":4,'
        '"bytes":{"upstream":10,"downstream":0}}'
    )
    assert json.loads(page)["name"] == "<p>"
