"""Write the tables of settings and of keys' ids into docs/configuration.md, between their marks."""

from __future__ import annotations

import re
from pathlib import Path

from loadtui.cli.config import markdown
from loadtui.tui.keys import ids

PAGE = Path(__file__).resolve().parents[1] / "docs" / "configuration.md"


def with_settings(text: str) -> str:
    """The page with the tables as the command line and the screen have them now."""
    return _between("ids", ids(), _between("settings", markdown(), text))


def _between(name: str, table: str, text: str) -> str:
    marks = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    return marks.sub(lambda found: f"{found[1]}{table}{found[2]}", text)


if __name__ == "__main__":
    PAGE.write_text(with_settings(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
