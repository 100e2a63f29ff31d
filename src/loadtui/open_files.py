"""How many files this process may open; a connection is one."""

from __future__ import annotations

import contextlib
import resource


def allow_open_files(most: int) -> None:
    """Raise our own limit, often 1024, towards `most` as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS promises more than it gives
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
