from __future__ import annotations

import pytest

from loadtui.demo.needs import check_needs
from loadtui.errors import SetupFailed


def test_with_the_extra_installed_nothing_is_missing() -> None:
    check_needs()


def test_every_missing_package_is_named_at_once_with_the_cure() -> None:
    with pytest.raises(SetupFailed) as missing:
        check_needs(lambda package: package == "httpx")
    assert str(missing.value) == (
        "the demo needs packages that are not installed: asyncpg, starlette, uvicorn; "
        "pip install 'loadtui[demo]'"
    )
