"""Measure the engine beside k6, on this machine, now.

    python -m bench engine [--rounds 3] [--seconds 5] [--vus 64]

Both send GET with two checks, one of them on parsed JSON, over kept-alive connections to the same
server, in turns, each on the same core. Linux only. Absolute rates depend on the machine and on its
other guests: read the ratios. Ends with 1 where loadtui does not reach three times k6's rate.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from statistics import median

from bench.cores import on_core
from bench.engine import measure_loadtui
from bench.k6 import find_k6, measure_k6
from bench.reading import Result
from bench.server import fast_server

GOAL = 3.0


def main(words: list[str]) -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m bench engine", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--vus", type=int, default=64)
    options = parser.parse_args(words)
    k6 = find_k6()
    ours: list[Result] = []
    theirs: list[Result] = []
    with fast_server() as server, on_core(0):
        _say(f"GET + 2 checks, {options.vus} VUs, {server.name}, {options.seconds:g} s a round")
        for number in range(1, options.rounds + 1):
            ours.append(asyncio.run(measure_loadtui(server, options.vus, options.seconds)))
            _say(f"round {number}  loadtui  {ours[-1]}")
            if k6 is not None:
                theirs.append(measure_k6(k6, server, options.vus, options.seconds))
                _say(f"round {number}  k6       {theirs[-1]}")
    if not theirs:
        _say("k6 is neither on PATH nor to be had by pip: nothing to compare with")
        return 0
    return _judge(ours, theirs)


def _judge(ours: list[Result], theirs: list[Result]) -> int:
    mine, its = _middle(ours), _middle(theirs)
    _say(f"median   loadtui  {mine}")
    _say(f"median   k6       {its}")
    ratio = mine.rate / its.rate
    _say(f"loadtui sends {ratio:.1f} × k6's requests, with 1/{its.cpu_us / mine.cpu_us:.1f} of CPU")
    _say(f"goal {GOAL:g} ×: {'met' if ratio >= GOAL else 'not met'}")
    return 0 if ratio >= GOAL else 1


def _middle(results: list[Result]) -> Result:
    return Result(median(r.rate for r in results), median(r.cpu_us for r in results))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
