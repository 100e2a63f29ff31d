from __future__ import annotations

import pytest

from loadtui.load.checks import compile_check, statuses_of
from loadtui.load.exchange import Exchange
from loadtui.load.failure import ErrorKind
from loadtui.model.request import Check


def answer(
    status: int = 200, body: bytes = b"", *, headers: bytes = b"", error: ErrorKind = ""
) -> Exchange:
    out = Exchange()
    out.status, out.raw, out.error = status, body, error
    out.head = b"HTTP/1.1 %d OK\r\n%s\r\n" % (status, headers)
    out.sending, out.waiting, out.receiving = 1_000, 150_000, 49_000
    return out


ORDER = answer(
    201,
    b'{"id": "A-7", "count": 1, "open": true, "note": null, "items": [{"n": 2}]}',
    headers=b"Content-Type: application/json\r\n",
)


@pytest.mark.parametrize(
    ("check", "passes"),
    [
        (Check("", statuses=((201, 201),)), True),
        (Check("", statuses=((200, 200), (202, 299))), False),
        (Check("", json_path="id"), True),
        (Check("", json_path="id", json_is="A-7"), True),
        (Check("", json_path="id", json_is="A-8"), False),
        (Check("", json_path="items[0].n", json_is=2), True),
        (Check("", json_path="note"), False),
        (Check("", json_path="missing"), False),
        (Check("", json_path="open", json_is=True), True),
        (Check("", json_path="count", json_is=True), False),
        (Check("", header="content-type"), True),
        (Check("", header="Content-Type", header_is="application/json"), True),
        (Check("", header="Content-Type", header_is="text/html"), False),
        (Check("", header="x-missing"), False),
        (Check("", body='"A-7"'), True),
        (Check("", body="A-8"), False),
        (Check("", duration=0.2), True),
        (Check("", duration=0.199), False),
        (Check("", statuses=((201, 201),), json_path="id", body="items"), True),
        (Check("", statuses=((201, 201),), json_path="missing", body="items"), False),
    ],
)
def test_all_that_a_check_demands_must_hold(check: Check, *, passes: bool) -> None:
    assert compile_check(check)(ORDER) is passes


def test_a_body_that_is_no_json_fails_a_json_check() -> None:
    assert not compile_check(Check("", json_path="id"))(answer(200, b"<html>"))


@pytest.mark.parametrize(
    "check",
    [
        Check(""),
        Check("", statuses=((200, 299),)),
        Check("", duration=9.0),
        Check("", header="content-type"),
        Check("", body="id"),
        Check("", json_path="id"),
    ],
)
def test_no_check_passes_without_a_whole_answer(check: Check) -> None:
    headers = b"Content-Type: application/json\r\n"
    assert compile_check(check)(answer(200, b'{"id": 1}', headers=headers))
    assert not compile_check(check)(answer(0, headers=headers, error="closed"))


def test_ranges_include_both_ends() -> None:
    assert statuses_of(((200, 202), (404, 404))) == {200, 201, 202, 404}
