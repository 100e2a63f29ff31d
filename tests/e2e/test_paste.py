"""A curl command pasted into the open screen, through a real terminal's bracketed paste."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.demo_system import DemoSystem, demo_system
from tests.support.real import require_real
from tests.support.tmux import Tmux, environment, processes

COMMAND = """\
curl -X POST 'URL/api/orders?note=qu3ry' -H 'x-api-key: test-key' \\
  -H 'authorization: Bearer s3cr3t-of-mine' -H 'content-type: application/json' --data-raw \\
  '{"customerId": "c", "items": [{"productId": "prod-1", "quantity": 2, "unitPrice": 1}]}'
"""
SECRETS = ("s3cr3t-of-mine", "test-key")


def says(terminal: Tmux, words: str, seconds: float = 8) -> str:
    return terminal.wait(lambda shown: words in shown, seconds=seconds, what=words)


def pasted(terminal: Tmux, system: DemoSystem) -> None:
    """Paste what is refused, take an offer back, take it, load it, and paste while it runs."""
    command = COMMAND.replace("URL", system.url)
    asked = f"Load POST /api/orders of {system.url} instead of GET /health?"
    says(terminal, "IDLE", 20)
    for text, answer in (
        ("rm -rf /", "only curl commands"),
        ("curl http://192.0.2.7/", "nobody allowed it"),
        (command, asked),
    ):
        terminal.paste(text)
        says(terminal, answer)
    terminal.press("Escape")
    terminal.wait(lambda shown: asked not in shown, seconds=8, what="no question any more")
    assert system.answered() == {}
    terminal.paste(command)
    says(terminal, asked)
    terminal.press("y")
    says(terminal, "requests replaced")
    terminal.press("+")
    terminal.wait(
        lambda _: system.answered().get("POST /api/orders 201", 0) > 5, seconds=15, what="orders"
    )
    terminal.paste(command)
    says(terminal, "not taken: load runs")


@pytest.mark.timeout(90)
def test_a_pasted_command_is_asked_about_and_then_loaded(tmp_path: Path) -> None:
    require_real("tmux")
    home, summary = tmp_path / "home", tmp_path / "s.json"
    with demo_system(tmp_path / "served") as system:
        words = [sys.executable, "-m", "loadtui", f"{system.url}/health"]
        words += ["--out", f"summary={summary}"]
        with Tmux("paste", words, env=environment(home), size=(140, 44)) as terminal:
            pasted(terminal, system)
            terminal.press("q", "y")
            says(terminal, "exit code: 0", 15)
            shown = terminal.screen(history=True)
        assert set(system.answered()) == {"POST /api/orders 201"}
    assert processes(home) == {}
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b'"k":"scenario"' in kept
    assert "POST /api/orders" in shown
    assert "qu3ry" not in shown
    told = shown.encode() + kept + summary.read_bytes()
    assert [secret for secret in SECRETS if secret.encode() in told] == []
