"""Write the key table of the screen into the README, between its two marks."""

from __future__ import annotations

import re
from pathlib import Path

from loadtui.tui.keys import markdown

README = Path(__file__).resolve().parents[1] / "README.md"
MARKS = re.compile(r"(<!-- keys: .*? -->\n).*?(<!-- /keys -->)", re.DOTALL)


def with_keys(text: str) -> str:
    """The README with the table as the screen has it now."""
    return MARKS.sub(lambda found: f"{found[1]}{markdown()}{found[2]}", text)


if __name__ == "__main__":
    README.write_text(with_keys(README.read_text(encoding="utf-8")), encoding="utf-8")
