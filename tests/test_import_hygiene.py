from __future__ import annotations

import subprocess
import sys

import pytest

_NAMES = "import importlib, sys; importlib.import_module(sys.argv[1]); print(*sys.modules)"


def loaded_by(module: str) -> set[str]:
    """Return the top-level names in sys.modules after a fresh interpreter imported `module`."""
    done = subprocess.run(
        [sys.executable, "-c", _NAMES, module], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        # Every worker would pay for these: 300 ms for textual, 70 ms for httpx.
        ("loadtui.load.worker", {"textual", "rich", "pydantic", "httpx", "requests", "websockets"}),
        ("loadtui.journey", {"textual", "rich", "pydantic", "httpx", "httpx_sse", "websockets"}),
        # The watchdog must outlive everything else: small, and started before the first fault.
        ("loadtui.chaos.watchdog", {"textual", "rich", "pydantic", "httpx", "anyio"}),
        # `loadtui run`, `--help` and CI never draw a screen.
        ("loadtui.cli.main", {"textual", "starlette", "uvicorn", "asyncpg"}),
    ],
)
def test_a_start_pays_only_for_what_it_uses(module: str, heavy: set[str]) -> None:
    assert loaded_by(module) & heavy == set()
