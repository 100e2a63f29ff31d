from __future__ import annotations

import pytest

from loadtui.model.text import constant
from loadtui.scenario import header


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("Authorization", True),
        ("proxy-authorization", True),
        ("Cookie", True),
        ("set-cookie", True),
        ("x-api-key", True),
        ("X-ApiKey", True),
        ("API_KEY", True),
        ("GITHUB_TOKEN", True),
        ("client_secret", True),
        ("DB_PASSWORD", True),
        ("x-request-id", False),
        ("BASE_URL", False),
        ("accept", False),
    ],
)
def test_names_that_look_secret(name: str, secret: bool) -> None:
    assert header.looks_secret(name) is secret


def test_later_layers_win_without_regard_to_case() -> None:
    one = (("Accept", constant("a")), ("x", constant("1")))
    two = (("accept", constant("b")),)
    assert header.merged(one, two) == (("accept", constant("b")), ("x", constant("1")))
    assert header.has(one, "accept")
    assert not header.has(two, "x")


def test_very_short_values_are_no_secrets() -> None:
    assert header.secrets([("cookie", constant("a=1"))], {"TOKEN": "1"}) == ()
