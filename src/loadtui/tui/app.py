"""Where a command starts the screen. Importing this module does not import Textual."""

from __future__ import annotations

import gc
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from loadtui.session.link import SessionLink
from loadtui.tui.setup import Setup

if TYPE_CHECKING:
    from loadtui.session.replay import Replay
    from loadtui.tui.application import LoadtuiApp

FAILED = 1
"""What `run` returns when the screen itself failed."""


class Left(msgspec.Struct, frozen=True):
    """How the screen was left. `opens`: the scenario to open next; `theme`: what was worn."""

    code: int
    opens: Path | None = None
    theme: str = ""


def run(link: SessionLink, setup: Setup) -> Left:
    """Show a session on the main thread until it has ended or the terminal is gone.

    `code` is 0: the session ended. 105: the terminal went away. 1: the screen itself failed, which
    was said on stderr. In the last two cases the session still runs and is the caller's to end.
    """
    # Nothing that an import makes is garbage: without the collector it takes a third less time.
    gc.disable()
    try:
        from loadtui.tui.application import LoadtuiApp  # noqa: PLC0415 - Textual takes 0.3 s
        from loadtui.tui.terminal import Terminal  # noqa: PLC0415
    finally:
        gc.enable()
    return _shown(LoadtuiApp(link, setup, driver=Terminal))


def run_replay(replay: Replay, setup: Setup) -> Left:
    """Show a journal until it is left or the terminal is gone; → exit code as `run`."""
    gc.disable()
    try:
        from loadtui.tui.replay import ReplayApp  # noqa: PLC0415 - Textual takes 0.3 s
        from loadtui.tui.terminal import Terminal  # noqa: PLC0415
    finally:
        gc.enable()
    return _shown(ReplayApp(replay, setup, driver=Terminal))


def _shown(app: LoadtuiApp) -> Left:
    """Run it; a failure is said on stderr."""
    gc.freeze()
    code = app.run(mouse=app.setup.mouse)
    if (failure := app.failure) is not None:
        print(f"loadtui: the screen failed: {_words(failure)}", file=sys.stderr)  # noqa: T201
        return Left(FAILED)
    return Left(code or 0, app.opens, app.theme)


def _words(failure: Exception) -> str:
    """What went wrong and where, in one line."""
    frames = traceback.extract_tb(failure.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(failure).__name__}: {failure}{place}; TEXTUAL=debug shows more"
