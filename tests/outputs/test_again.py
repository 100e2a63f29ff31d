from __future__ import annotations

import httpx
import pytest

from loadtui.outputs.again import is_unknown_form, may_change, no_answer, said


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 500, 503])
def test_what_somebody_may_mend_is_tried_again(status: int) -> None:
    assert may_change(status)


@pytest.mark.parametrize("status", [400, 405, 413, 415, 422])
def test_what_is_wrong_with_us_is_not(status: int) -> None:
    assert not may_change(status)


def test_why_there_was_no_answer_reads_as_a_sentence() -> None:
    assert no_answer(httpx.ReadTimeout("")) == "does not answer in time"
    refused = httpx.ConnectError("[Errno 111] Connection refused")
    assert no_answer(refused) == "does not answer: Connection refused"
    assert no_answer(httpx.ReadError("")) == "does not answer: ReadError"


def test_a_refusal_of_us_says_nothing_of_what_was_sent() -> None:
    assert is_unknown_form(httpx.Response(415))
    assert not is_unknown_form(httpx.Response(401))
    assert not is_unknown_form(httpx.Response(503))


def test_what_a_server_says_stays_on_one_line() -> None:
    assert said(httpx.Response(502, text="<html>\n  bad\ngateway")) == "<html> bad gateway"
    assert said(httpx.Response(502)) == "Bad Gateway"
    assert len(said(httpx.Response(502, text="x" * 999))) == 200
