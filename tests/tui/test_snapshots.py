"""Whole screens as pictures; `pytest --snapshot-update` takes what is drawn now for right."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from loadtui.tui.application import LoadtuiApp
from loadtui.tui.setup import Setup
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot


class Pictured(LoadtuiApp):
    """Draws itself without fetching fonts from anywhere."""

    def export_screenshot(self, **options: Any) -> str:
        return re.sub(
            r"@font-face \{.*?\}\s*", "", super().export_screenshot(**options), flags=re.DOTALL
        )


@pytest.mark.parametrize(
    ("state", "theme", "size"),
    [
        ("fault", "dark", (80, 24)),
        ("fault", "light", (80, 24)),
        ("fault", "dark", (120, 40)),
        ("after", "light", (120, 40)),
        ("panic", "dark", (120, 40)),
        ("idle", "dark", (120, 40)),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value[0]}x{value[1]}",
)
def test_the_screen_looks_as_it_should(
    snap_compare: Callable[..., bool], state: str, theme: str, size: tuple[int, int]
) -> None:
    app = Pictured(ScriptedLink(snapshot(state)), Setup(theme=theme))
    assert snap_compare(app, terminal_size=size)
