"""Whether the packages of the extra `demo` are there, before anything starts."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

from loadtui.errors import SetupFailed

_PACKAGES = ("asyncpg", "starlette", "uvicorn", "httpx")


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def check_needs(is_installed: Callable[[str], bool] = _is_installed) -> None:
    """Raise SetupFailed that names every package that is missing and how to get them."""
    missing = [package for package in _PACKAGES if not is_installed(package)]
    if missing:
        raise SetupFailed(
            f"the demo needs packages that are not installed: {', '.join(missing)}",
            hint="pip install 'loadtui[demo]'",
        )
