"""loadtui as somebody runs it from a shell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.tmux import environment


def shell(
    home: Path, *words: str, wait: float = 40, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in `folder` unless that is none of its business."""
    return subprocess.run(
        [sys.executable, "-m", "loadtui", *words],
        env={**os.environ, **environment(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=wait,
        check=False,
        cwd=folder,
    )
