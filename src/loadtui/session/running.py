"""Whether the session that writes a journal still runs: it holds a lock until it is gone."""

from __future__ import annotations

import fcntl
from pathlib import Path


def is_running(path: Path) -> bool:
    """Whether somebody writes into this journal."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
