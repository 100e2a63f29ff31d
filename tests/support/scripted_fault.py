"""A headless run that loads a proxy and slows it down after half a second, until it is ended.

python -m tests.support.scripted_fault TARGET TOXIPROXY PROXY
"""

from __future__ import annotations

import sys

from loadtui.cli.launch import Extras, Flags, launch
from loadtui.model.command import Cue, Inject, StartPlan
from loadtui.model.toxic import Toxic
from loadtui.scenario.single import from_url


def run(target: str, toxiproxy: str, proxy: str) -> int:
    """Run until a signal comes; the exit code."""
    slow = Inject(proxy=proxy, toxic=Toxic("slow", "latency", attributes={"latency": 50}))
    script = (Cue(0.0, "", (StartPlan(),)), Cue(0.5, "", (slow,)))
    flags = Flags(headless=True, vus=2, duration=60.0, toxiproxy=toxiproxy)
    return launch(from_url(target), flags, Extras(script=script))


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:4]))
