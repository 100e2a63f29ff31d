"""The scenario that the operator opened from the screen: a session after this one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn, Protocol


class Looking(Protocol):
    """How the screen before looked."""

    @property
    def charset(self) -> str:
        """What it was drawn with."""

    @property
    def mouse(self) -> bool:
        """Whether the mouse was used."""

    @property
    def presenter(self) -> bool:
        """Whether it began in presenter mode."""


def arguments(scenario: Path, theme: str, looking: Looking) -> list[str]:
    """The command line that opens it with the same looks, and with no load by itself.

    What allows a target, or sets ceilings, is not handed on: it was said of another system.
    """
    looks = ["--theme", theme, "--charset", looking.charset]
    looks += ["--mouse" if looking.mouse else "--no-mouse"]
    looks += ["--presenter"] * looking.presenter
    return ["run", *looks, "--", str(scenario)]


def open_next(scenario: Path, theme: str, looking: Looking) -> NoReturn:
    """Become a loadtui on that scenario; the session before has ended and was told of."""
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "loadtui", *arguments(scenario, theme, looking)]
    os.execv(sys.executable, command)  # noqa: S606 - no shell, and ourselves
