"""Measure the screen on a real terminal, on this machine, now.

    python -m bench ui [keys desk share demo stall start journal]

Sessions run on a pseudo-terminal of 160 × 50 against a server of a process of its own that answers
after 20 ms. Linux only. Everything shares the machine's cores: read the load average beside the
figures. Ends with 1 where a goal is not met.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable

from bench.desk import measure_desk
from bench.figure import Figure, table
from bench.journal import measure_journal, measure_soak
from bench.keys import measure_keys
from bench.share import measure_demo, measure_share
from bench.stall import measure_stall
from bench.start import measure_start

VUS, STALL_VUS, JOURNAL_VUS, DELAY = 500, 200, 200, 20.0

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "keys": lambda: measure_keys(VUS, DELAY),
    "desk": measure_desk,
    "share": lambda: measure_share(VUS, DELAY),
    "demo": measure_demo,
    "stall": lambda: measure_stall(STALL_VUS, DELAY),
    "start": measure_start,
    "journal": lambda: measure_journal(JOURNAL_VUS, DELAY),
    "soak": measure_soak,
}


def main(words: list[str]) -> int:
    """Measure what is named, or everything; print; judge."""
    parser = argparse.ArgumentParser(
        prog="python -m bench ui",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART")
    parts = parser.parse_args(words).parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    met = True
    for part in parts:
        began = time.monotonic()
        figures = PARTS[part]()
        took, load = time.monotonic() - began, os.getloadavg()[0]
        sys.stdout.write(f"python -m bench ui {part}  ({took:.0f} s, load average {load:.1f})\n")
        sys.stdout.write(f"{table(figures)}\n")
        sys.stdout.flush()
        met &= all(figure.met is not False for figure in figures)
    return 0 if met else 1
