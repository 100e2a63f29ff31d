"""The table of docs/configuration.md is the command line's."""

from __future__ import annotations

from scripts.settings_table import PAGE, with_settings


def test_the_page_shows_the_settings_as_they_are() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "| `max_vus` | `LOADTUI_MAX_VUS` | `--max-vus` |" in text
    assert with_settings(text) == text, "run: .venv/bin/python scripts/settings_table.py"
