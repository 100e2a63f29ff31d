from __future__ import annotations

import httpx
import pytest

from loadtui.outputs.again import may_change, no_answer


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
