"""The README's key table is the screen's."""

from __future__ import annotations

from scripts.readme_keys import README, with_keys


def test_the_readme_shows_the_keys_as_they_are() -> None:
    text = README.read_text(encoding="utf-8")
    assert "| keys | what they do |" in text
    assert with_keys(text) == text, "run: .venv/bin/python scripts/readme_keys.py"


def test_a_table_of_yesterday_is_replaced() -> None:
    old = "a\n<!-- keys: made -->\n| old |\n<!-- /keys -->\nb\n"
    assert "| old |" not in with_keys(old)
    assert with_keys(old).endswith("<!-- /keys -->\nb\n")
