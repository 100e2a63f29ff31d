"""Names on the command line that a terminal might obey are only shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.cli.main import run
from tests.support.hostile import HOSTILE, acts

NAMES = [text for text in HOSTILE if text.strip() and "\0" not in text and len(text.encode()) < 250]


@pytest.mark.parametrize("text", NAMES, ids=ascii)
def test_a_name_of_a_file_a_theme_or_a_target_is_text(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (
        ["run", "--", str(tmp_path / f"{text.replace('/', '_')}.yaml")],
        ["validate", "--", str(tmp_path / text.replace("/", "_"))],
        ["url", "--headless", "--", f"http://{text}/"],
        ["replay", "--", text],
        ["url", "--vus", text, "http://127.0.0.1:1"],
    ):
        assert run(arguments) == 104
        out, err = capsys.readouterr()
        assert acts(out + err) == ""
        assert "Traceback" not in err
