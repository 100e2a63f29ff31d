"""One run with one output: what the summary says, what the output holds, what it cost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from bench.output_peer import Found, Peer
from bench.reading import cpu_seconds
from bench.server import Server

_SCENARIO = """
name: outputs
target: {base}
requests: [{{name: order, url: /api/orders}}]
load: {{executor: constant-arrival-rate, rate: {rate}, duration: {seconds}s, preAllocatedVUs: 200}}
"""
_TROUBLE = re.compile(r"^.*(?:NOT written|no room|Traceback).*$", re.MULTILINE)
LOOK = 0.2
"""Seconds between two looks at the sink's clock, and at the server."""
BEGIN = 60.0
"""Seconds within which a run must have got to its freeze."""


class Order(NamedTuple):
    """What to run. `freeze`: seconds that the database is stopped, `after` so many."""

    kind: str
    rate: int
    seconds: int
    freeze: int = 0
    after: int = 0


class Done(NamedTuple):
    """How it went. `rate`: requests/s while the database was stopped, as the server counts them.
    `cpu`: µs a request of the whole run with all its processes; `sink`: of that one.
    """

    requests: int
    dropped: int
    p95: float
    rate: float
    cpu: float
    sink: float
    found: Found | None
    troubles: tuple[str, ...]


def run(order: Order, server: Server, peer: Peer, folder: Path) -> Done:
    """Run it and ask."""
    file, summary = folder / "outputs.yaml", folder / "summary.json"
    file.write_text(_SCENARIO.format(base=server.base, rate=order.rate, seconds=order.seconds))
    command = [sys.executable, "-m", "loadtui", "run", str(file), "--headless", "--quiet"]
    command += ["--out", f"summary={summary}", *(("--out", peer.out) if peer.out else ())]
    environment = {**os.environ, "LOADTUI_PROMETHEUS_TREND_STATS": "p(95)", "HOME": str(folder)}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        sink = _Sink(process.pid)
        rate = _while_frozen(order, server, peer) if order.freeze else 0.0
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode(errors="replace")
    if not summary.exists():
        raise SystemExit(f"the run ended with {process.returncode}:\n{text}")
    metrics = json.loads(summary.read_text())["metrics"]
    requests = int(metrics["http_reqs"]["values"]["count"])
    return Done(
        requests,
        int(metrics.get("dropped_iterations", {}).get("values", {}).get("count", 0)),
        float(metrics["http_req_duration"]["values"]["p(95)"]),
        rate,
        (used.ru_utime + used.ru_stime) / requests * 1e6,
        sink.seconds / requests * 1e6,
        peer.ask() if peer.ask else None,
        tuple(_TROUBLE.findall(text)),
    )


def _while_frozen(order: Order, server: Server, peer: Peer) -> float:
    """Stop the database once it has run a while; the rate until it goes on."""
    assert peer.freeze is not None  # noqa: S101 - only databases are frozen
    assert peer.thaw is not None  # noqa: S101
    deadline = time.monotonic() + BEGIN
    before, looks = server.count(), 1
    while server.count() - before - looks * server.counts_looks < order.rate * order.after:
        if time.monotonic() > deadline:
            raise SystemExit(f"{order.kind} at {order.rate}/s: the load did not begin")
        looks += 1
        time.sleep(LOOK)
    peer.freeze()
    try:
        first, began = server.count(), time.perf_counter()
        time.sleep(order.freeze)
        # One of the two looks is among the requests that the second one counts.
        return (server.count() - first - server.counts_looks) / (time.perf_counter() - began)
    finally:
        peer.thaw()


class _Sink:
    """The CPU of the sink of a run, looked at until it is gone."""

    def __init__(self, run: int) -> None:
        self.seconds = 0.0
        self._run = run
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        pid = 0
        with suppress(OSError):
            while Path(f"/proc/{self._run}").exists():
                pid = pid or self._find()
                if pid:
                    self.seconds = cpu_seconds(pid)
                time.sleep(LOOK)

    def _find(self) -> int:
        tasks = Path(f"/proc/{self._run}/task").glob("*/children")
        children: Sequence[str] = " ".join(each.read_text() for each in tasks).split()
        for child in children:
            if b"loadtui.outputs.sink" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        return 0
