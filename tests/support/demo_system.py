"""The demo's orders system without a load, as `loadtui demo --serve` runs it, and its own count."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.support.real import require_real
from tests.support.tmux import environment


class DemoSystem(msgspec.Struct, frozen=True):
    """A served system; `url`: of its orders API, `toxiproxy`: of the control API before it."""

    url: str
    toxiproxy: str

    def answered(self) -> dict[str, int]:
        """How often each route below /api/ was answered so far, by `ROUTE STATUS`."""
        health = f"{self.url}/health"
        with urllib.request.urlopen(health, timeout=10) as answer:  # noqa: S310 - ours
            routes: dict[str, dict[str, int]] = json.load(answer)["requests"]
        return {
            f"{route} {status}": count
            for route, by_status in routes.items()
            if "/health" not in route
            for status, count in by_status.items()
        }


@contextmanager
def demo_system(home: Path) -> Iterator[DemoSystem]:
    """Serve it until the block ends; skips the test where there is no PostgreSQL."""
    require_real("postgres")
    serving = subprocess.Popen(
        [sys.executable, "-m", "loadtui", "demo", "--serve"],
        env={**os.environ, **environment(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    try:
        url, toxiproxy = re.findall(r"http://127\.0\.0\.1:\d+", serving.stdout.readline())
        yield DemoSystem(url, toxiproxy)
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(30)
        serving.stdout.close()
