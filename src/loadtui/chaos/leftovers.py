"""Lifting what sessions that are gone left open. Blocks."""

from __future__ import annotations

import time
from pathlib import Path

from loadtui.chaos import undo
from loadtui.chaos.ledger_file import ledger_files, strike, taken_over
from loadtui.model.ledger import Lift


def lift_leftovers(state_dir: Path, timeout: float) -> list[Lift]:
    """Lift the open entries of every file that nobody holds, for `timeout` seconds altogether.

    What is lifted, or somebody else's by now, is closed there; the rest is offered again.
    """
    deadline = time.monotonic() + timeout
    lifts: list[Lift] = []
    for path in reversed(ledger_files(state_dir)):
        with taken_over(path) as entries:
            if entries:
                ended = undo.lift(entries, deadline)
                strike(path, tuple(each.entry for each in ended if each.result != "failed"))
                lifts += ended
    return lifts
