from __future__ import annotations

from typing import get_args

import pytest

from loadtui.load.failure import ErrorKind
from loadtui.model.error_code import ERROR_CODES, code_of


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("timeout", 1050),
        ("dns", 1101),
        ("refused_target", 1111),
        ("connect_timeout", 1211),
        ("refused", 1212),
        ("reset", 1220),
        ("404", 1404),
        ("503", 1503),
        ("200", 0),
        ("something new", 1000),
    ],
)
def test_reasons_have_the_codes_that_k6_gives_them(reason: str, code: int) -> None:
    assert code_of(reason) == code


def test_every_kind_of_failure_has_a_code_and_a_hard_stop_none() -> None:
    kinds = set(get_args(ErrorKind)) - {"", "cut"}
    assert kinds <= ERROR_CODES.keys()
    assert "cut" not in ERROR_CODES
