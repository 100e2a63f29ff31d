"""A curl command pasted into the open screen, through a real terminal's bracketed paste."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.demo_system import demo_system
from tests.support.real import require_real
from tests.support.tmux import Tmux, environment, processes

COMMAND = """\
curl -X POST 'URL/api/orders?note=qu3ry' -H 'x-api-key: test-key' \\
  -H 'authorization: Bearer s3cr3t-of-mine' -H 'content-type: application/json' \\
  --data-raw '{"customerId": "c", "items": [{"productId": "prod-1", "quantity": 2, "unitPrice": 1}]}'
"""


@pytest.mark.timeout(90)
def test_a_pasted_command_is_asked_about_and_then_loaded(tmp_path: Path) -> None:
    require_real("tmux")
    home = tmp_path / "home"
    words = [sys.executable, "-m", "loadtui"]
    with demo_system(tmp_path / "served") as system:
        command = COMMAND.replace("URL", system.url)
        first = [*words, f"{system.url}/health", "--out", f"summary={tmp_path / 's.json'}"]
        with Tmux("paste", first, env=environment(home), size=(140, 44)) as terminal:
            terminal.wait(lambda s: "IDLE" in s, seconds=20, what="the screen")
            terminal.paste("rm -rf /")
            terminal.wait(lambda s: "only curl commands" in s, seconds=8, what="a refusal")
            terminal.paste("curl http://192.0.2.7/")
            terminal.wait(lambda s: "nobody allowed it" in s, seconds=8, what="the guard")
            terminal.paste(command)
            asked = f"Load POST /api/orders of {system.url} instead of GET /health?"
            terminal.wait(lambda s: asked in s, seconds=8, what="the question")
            terminal.press("Escape")
            terminal.wait(lambda s: asked not in s, seconds=8, what="no question any more")
            assert system.answered() == {}
            terminal.paste(command)
            terminal.wait(lambda s: asked in s, seconds=8, what="the question again")
            terminal.press("y")
            terminal.wait(lambda s: "requests replaced" in s, seconds=8, what="it on the timeline")
            terminal.wait(lambda s: "lost" not in s.lower(), seconds=8, what="fresh workers")
            terminal.press("+")
            terminal.wait(
                lambda _: system.answered().get("POST /api/orders 201", 0) > 5,
                seconds=15,
                what="orders",
            )
            terminal.paste(command)
            terminal.wait(lambda s: "not taken: load runs" in s, seconds=8, what="a refusal")
            terminal.press("q", "y")
            last = terminal.wait(lambda s: "exit code: 0" in s, seconds=15, what="the end")
            shown = terminal.screen(history=True)
        assert "POST /api/orders" in last
        assert set(system.answered()) == {"POST /api/orders 201"}
    assert processes(home) == {}
    written = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    assert b'"k":"scenario"' in written
    assert b"POST /api/orders" in written
    for secret in ("s3cr3t-of-mine", "test-key"):
        assert secret not in shown
        assert secret.encode() not in written
        assert secret not in (tmp_path / "s.json").read_text(encoding="utf-8")
    assert "qu3ry" not in shown
