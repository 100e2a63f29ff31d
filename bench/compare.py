"""Measure the engine beside its peers, on this machine, now.

    python -m bench engine [get post journey crowd truth alone parity] [--rounds 3] [--seconds 4]

The same job for every tool, in turns, each alone on the last core and the server on the first. The
peers come from package registries into .bench/; each is optional. Linux only. A complete run takes
some ten minutes and writes bench/RESULTS.md; a part of it only prints. Absolute rates depend on the
machine and on its other guests: read the ratios. Ends with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from bench import report
from bench.arrivals import measure_arrivals, measure_pacing
from bench.contender import Contender, Failed
from bench.engine import Engine
from bench.figure import table
from bench.findings import PAIR, Findings
from bench.foreign import Foreign
from bench.job import Job, Kind
from bench.parity import measure_parity
from bench.peers import find_peers
from bench.recording import measure_recording
from bench.server import exact_server, fast_server

PARTS = ("get", "post", "journey", "crowd", "truth", "alone", "parity")
CROWDS = (1, 1000, 10_000)
ARRIVALS = (10_000, 20_000)
TRUTHS, DELAY, TRUTH_SECONDS = (20, 100, 400), 20.0, 3.0
THINK = 1.0
SPARE_FILES = 1000

T = TypeVar("T")
Rounds = dict[str, list[T]]


class Run:
    """One run of everything that was asked for."""

    def __init__(self, rounds: int, seconds: float) -> None:
        """Fetch the peers."""
        self.found, self._rounds, self._seconds = Findings(), rounds, seconds
        self.server = "none"
        self.tools: list[Contender] = [Engine(), *map(Foreign, find_peers(self.miss))]

    def miss(self, line: str) -> None:
        """Say what is missing, and keep it for the report."""
        if line not in self.found.notes:
            self.found.notes.append(line)
            _say(f"! {line}")

    def rates(self, kind: Kind) -> None:
        """As fast as it goes; two workers of ours as well where there are checks."""
        tools = [*self.tools, Engine(2, PAIR, parts=frozenset({"post"}))]
        with fast_server(self.miss) as server:
            self.server = server.name
            job = Job(kind)
            self.found.rates[kind] = self._in_turns(
                f"{kind} {job.vus} connections",
                [tool for tool in tools if kind in tool.parts],
                lambda tool: tool.rate(job, server, self._seconds),
            )

    def crowds(self) -> None:
        """VUs that think."""
        files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        for vus in CROWDS:
            if most != resource.RLIM_INFINITY and vus + SPARE_FILES > most:
                self.miss(f"{vus} VUs are left out: only {most} files may be open")
                continue
            with fast_server(self.miss) as server:
                job = Job("get", vus, THINK)
                self.found.crowds[vus] = self._in_turns(
                    f"{vus} VUs that think",
                    [tool for tool in self.tools if "crowd" in tool.parts],
                    lambda tool: tool.crowd(job, server),  # noqa: B023 - called within the turn
                )
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))

    def truths(self) -> None:
        """Reported latency against a known one."""
        for vus in TRUTHS:
            with exact_server(DELAY) as server:
                job = Job("get", vus, seconds=TRUTH_SECONDS)
                self.found.truths[vus] = self._in_turns(
                    f"{vus} VUs at {DELAY:g} ms",
                    [tool for tool in self.tools if "truth" in tool.parts],
                    lambda tool: tool.truth(job, server, DELAY),  # noqa: B023 - as above
                )

    def alone(self) -> None:
        """What no peer has."""
        with fast_server(self.miss) as server:
            try:
                self.found.alone += measure_arrivals(ARRIVALS, server, self._rounds)
                self.found.alone.append(measure_pacing(CROWDS[-1], server))
            except Failed as why:
                self.miss(f"arrival rates: {why}")
        self.found.alone += measure_recording()

    def parity(self) -> None:
        """The same plans in k6."""
        peers = [tool.peer for tool in self.tools if isinstance(tool, Foreign)]
        k6 = next((peer for peer in peers if peer.name.startswith("k6")), None)
        if k6 is None:
            return
        with exact_server(DELAY) as server:
            try:
                self.found.alone += measure_parity(k6.tool, server)
            except Failed as why:
                self.miss(f"plans beside {k6.name}: {why}")

    def _in_turns(
        self, what: str, tools: Sequence[Contender], measure: Callable[[Contender], T]
    ) -> Rounds[T]:
        rounds: Rounds[T] = {tool.name: [] for tool in tools}
        unable: set[str] = set()
        for number in range(self._rounds):
            for tool in tools if number % 2 == 0 else tools[::-1]:
                if tool.name in unable:
                    continue
                try:
                    result = measure(tool)
                except Failed as why:
                    unable.add(tool.name)
                    self.miss(f"{tool.name}, {what}: {why}")
                else:
                    rounds[tool.name].append(result)
                    _say(f"{what}  round {number + 1}  {tool.name:<30} {result}")
        return rounds


def main(words: list[str]) -> int:
    """Measure, print, judge; write the report of a complete run."""
    options, load = _options(words), os.getloadavg()[0]
    run = Run(options.rounds, options.seconds)
    acts: dict[str, Callable[[], None]] = {
        "get": lambda: run.rates("get"),
        "post": lambda: run.rates("post"),
        "journey": lambda: run.rates("journey"),
        "crowd": run.crowds,
        "truth": run.truths,
        "alone": run.alone,
        "parity": run.parity,
    }
    for part in options.parts or PARTS:
        acts[part]()
    goals = run.found.goals()
    if figures := [*goals, *run.found.alone]:
        _say(table(figures))
    if set(options.parts or PARTS) == set(PARTS):
        versions = ", ".join(f"{tool.name} ({tool.version})" for tool in run.tools)
        python = f"Python {sys.version.partition(' ')[0]}"
        head = {"versions": f"{python}; {versions}", "server": run.server}
        report.write(run.found, {**head, "rounds": options.rounds, "load": load})
        _say(f"written: {report.RESULTS}")
    return 1 if any(figure.met is False for figure in [*goals, *run.found.alone]) else 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench engine",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each rate")
    options = parser.parse_args(words)
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return options


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
