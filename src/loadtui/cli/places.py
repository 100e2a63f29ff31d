"""Where things are kept between sessions."""

from __future__ import annotations

import re
from pathlib import Path

import platformdirs

from loadtui.errors import BadInput


def state_dir() -> Path:
    """Ledgers and logs; made 0700. Without it no fault can be undone after a crash, so it must
    exist.
    """
    path = Path(platformdirs.user_state_dir("loadtui"))
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = path / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise BadInput(
            f"the state directory {path} cannot be written: {error.strerror}",
            hint="set XDG_STATE_HOME to a directory that can: the ledger of faults lives there",
        ) from error
    return path


def config_dir() -> Path:
    """Where the operator's own files are: config.yaml, keymap.yaml, themes/. It may not exist."""
    return Path(platformdirs.user_config_dir("loadtui"))


def config_file() -> Path:
    """The operator's own defaults for flags; it may not exist."""
    return config_dir() / "config.yaml"


def sessions_dir() -> Path:
    """Where journals are, with their index."""
    return Path(platformdirs.user_data_dir("loadtui")) / "sessions"


def journal_path(name: str, stamp: str) -> Path:
    """The journal of a session that starts now; `stamp` sorts by time."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:40] or "session"
    return sessions_dir() / f"{stamp}-{safe}.ndjson"
