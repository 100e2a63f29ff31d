from __future__ import annotations

from typing import get_args

import pytest

from loadtui.load.failure import ErrorKind
from loadtui.model.error_code import ERROR_CODES, error_code, status_code_error


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("timeout", 1050),
        ("dns", 1101),
        ("refused_target", 1111),
        ("connect_timeout", 1211),
        ("refused", 1212),
        ("reset", 1220),
        ("tls_unknown_authority", 1310),
        ("something new", 1000),
    ],
)
def test_kinds_of_failure_have_the_codes_that_k6_gives_them(kind: str, code: int) -> None:
    assert error_code(kind) == code


@pytest.mark.parametrize(("status", "code"), [(200, 0), (399, 0), (404, 1404), (503, 1503)])
def test_so_have_statuses(status: int, code: int) -> None:
    assert status_code_error(status) == code


def test_every_kind_of_failure_has_a_code_and_a_hard_stop_none() -> None:
    kinds = set(get_args(ErrorKind)) - {"", "cut"}
    assert kinds <= ERROR_CODES.keys()
    assert "cut" not in ERROR_CODES
