"""What the system lets a worker have: open files and local ports."""

from __future__ import annotations

import resource
from pathlib import Path

from loadtui.load.reporter import Limits

_FILES = Path("/proc/self/fd")
_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")


def limits() -> Limits:
    """The limits as they are now; 0 for what this system does not tell.

    Open files are counted once: a list of ten thousand four times a second would cost more than it
    tells, as all that is opened later is connections.
    """
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = 0 if soft == resource.RLIM_INFINITY else soft
    return Limits(files=files, files_before=_open_files(), ports=_local_ports())


def _open_files() -> int:
    try:
        return sum(1 for _ in _FILES.iterdir())
    except OSError:
        return 0


def _local_ports() -> int:
    try:
        low, high = (int(word) for word in _PORTS.read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return 0
    return high - low + 1
