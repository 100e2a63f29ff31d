"""docs/themes.md knows every role, and the grounds that its text is written on."""

from __future__ import annotations

import re
from pathlib import Path

from loadtui.tui.legible import GROUNDS
from loadtui.tui.theme_file import ROLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "themes.md"


def test_the_page_says_what_each_role_paints_and_where() -> None:
    told: dict[str, tuple[str, ...]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if found := re.match(r"\| (`[^|]+) \| ([^|]+) \| ([^|]*)\|$", line):
            on = found[3].partition(";")[0]
            for role in re.findall(r"`([\w-]+)`", found[1]):
                told[role] = tuple(re.findall(r"`([\w-]+)`", on))
    assert set(told) == set(ROLES)
    for role, grounds in GROUNDS.items():
        if role != "bg":
            assert told[role] == grounds, role
    under = [role for role in ROLES if role in GROUNDS["bg"]]
    assert set(under) == {"accent", "fault", "good", "warn", "bad", "quiet"}
