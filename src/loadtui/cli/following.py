"""The scenario that the operator opened from the screen: a session after this one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn


def arguments(scenario: Path, theme: str, charset: str, *, mouse: bool) -> list[str]:
    """The command line that opens it with the same looks, and with no load by itself.

    What allows a target, or sets ceilings, is not handed on: it was said of another system.
    """
    looks = ["--theme", theme, "--charset", charset, "--mouse" if mouse else "--no-mouse"]
    return ["run", *looks, "--", str(scenario)]


def open_next(scenario: Path, theme: str, charset: str, *, mouse: bool) -> NoReturn:
    """Become a loadtui on that scenario; the session before has ended and was told of."""
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "loadtui", *arguments(scenario, theme, charset, mouse=mouse)]
    os.execv(sys.executable, command)  # noqa: S606 - no shell, and ourselves
