"""What every tool can be put through, ours and the others alike."""

from __future__ import annotations

from typing import Protocol

from bench.job import Job
from bench.reading import Crowd, Rate, Truth
from bench.server import SOON, Server

WARM_UP = 1.0
"""Seconds between the first requests and the first reading."""

CROWD_WAIT = 20.0
"""Seconds that a crowd may take to be there."""

CROWD_SETTLE = 2.0
"""Seconds after which its memory is read."""


class Failed(Exception):
    """A tool did not do its job; the text says what went wrong."""


class Contender(Protocol):
    """A tool of some name and version; takes `parts` in get, post, crowd and truth."""

    @property
    def name(self) -> str:
        """As in the tables."""

    @property
    def version(self) -> str:
        """Of its program."""

    @property
    def parts(self) -> frozenset[str]:
        """What it takes part in."""

    def rate(self, job: Job, server: Server, seconds: float) -> Rate:
        """Load as fast as it goes for so many seconds; raises Failed, as do the next two."""

    def crowd(self, job: Job, server: Server) -> Crowd:
        """Bring everybody up."""

    def truth(self, job: Job, server: Server, delay: float) -> Truth:
        """Let it report the latency of a server that answers after `delay` ms."""


def has_crowd(server: Server, vus: int) -> bool:
    """Wait until so many connections are open at once; False when they are not in time."""
    return server.wait_until(lambda look: look.connections >= vus, CROWD_WAIT)


def wait_for_quiet(server: Server) -> None:
    """Return when the last tool's connections are gone."""
    server.wait_until(lambda look: look.connections <= 0, SOON)
