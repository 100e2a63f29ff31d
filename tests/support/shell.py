"""loadtui as somebody runs it from a shell."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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


@contextmanager
def headless(
    home: Path, *words: str, before: Sequence[str] = ()
) -> Iterator[subprocess.Popen[str]]:
    """A run without a screen while it lasts, by way of the command `before`; killed where the test
    leaves it.
    """
    with subprocess.Popen(
        [*before, sys.executable, "-m", "loadtui", *words, "--headless"],
        env={**os.environ, **environment(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
