"""A peer's program under load."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.contender import CROWD_SETTLE, WARM_UP, Failed, has_crowd, wait_for_quiet
from bench.cores import SENDER, first_served, serve_first
from bench.job import Job
from bench.peers import Peer
from bench.reading import Crowd, Rate, Reading, Truth, resident_kib
from bench.server import Server

FIRST = 20.0
"""Seconds within which a tool must send its first requests."""
LAST = 30.0
"""Seconds that a tool may take to end and report, beyond what it was told to run."""


@dataclass(frozen=True)
class Foreign:
    """Runs a peer in a process of its own, alone on the last core."""

    peer: Peer

    @property
    def name(self) -> str:
        """The peer's."""
        return self.peer.name

    @property
    def version(self) -> str:
        """The peer's."""
        return self.peer.version

    @property
    def parts(self) -> frozenset[str]:
        """The peer's."""
        return self.peer.parts

    def rate(self, job: Job, server: Server, seconds: float) -> Rate:
        """Requests and CPU between two readings."""
        before = server.count()
        with self._running(job, server) as process:
            if not server.wait_until(lambda look: look.requests > before + 10 * job.vus, FIRST):
                raise Failed("sends nothing")
            time.sleep(WARM_UP)
            first = Reading([process.pid], server)
            time.sleep(seconds)
            return first.until(Reading([process.pid], server))

    def crowd(self, job: Job, server: Server) -> Crowd:
        """Memory once everybody is there."""
        wait_for_quiet(server)
        began = time.perf_counter()
        with self._running(job, server) as process:
            is_there = has_crowd(server, job.vus)
            started = time.perf_counter() - began if is_there else None
            first = Reading([process.pid], server)
            time.sleep(CROWD_SETTLE)
            rate = first.until(Reading([process.pid], server))
            return Crowd(resident_kib(process.pid), started, rate.cpu_us)

    def truth(self, job: Job, server: Server, delay: float) -> Truth:
        """Its own words, when it has ended by itself."""
        wait_for_quiet(server)
        before = server.count()
        with tempfile.TemporaryDirectory() as folder:
            with self._process(job, server, Path(folder)) as process:
                output, errors = process.communicate(timeout=job.seconds + LAST)
                after = server.look()
            try:
                middle, high = self.peer.told(Path(folder), output)
            except (KeyError, ValueError, OSError) as error:
                said = errors.strip().rpartition("\n")[2]
                raise Failed(f"reports no latency ({error!r}): {said}") from None
        return Truth(
            middle - delay, high - delay, (after.requests - before) / job.seconds, after.late
        )

    @contextmanager
    def _running(self, job: Job, server: Server) -> Iterator[subprocess.Popen[str]]:
        """Until the block ends."""
        with (
            tempfile.TemporaryDirectory() as folder,
            self._process(job, server, Path(folder)) as process,
        ):
            yield process

    @contextmanager
    def _process(self, job: Job, server: Server, folder: Path) -> Iterator[subprocess.Popen[str]]:
        tool = self.peer.tool
        output = subprocess.PIPE if job.is_bounded else subprocess.DEVNULL
        with first_served(SENDER, at_once=job.is_bounded):
            process = subprocess.Popen(
                [tool.path, *self.peer.words(job, server.base, folder)],
                env={**os.environ, **tool.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                text=True,
                start_new_session=True,
            )
        serve_first(process.pid)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()
