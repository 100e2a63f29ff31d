"""Faults that come by themselves: without a screen and on it, and gone again however a run ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.strangers import nothing_left, proxies, within
from tests.support.shell import shell
from tests.support.timed_scenario import timed
from tests.support.tmux import environment, processes
from tests.support.toxiproxy_server import RealServer

SLOW = "slow: {proxy: mine, toxic: latency, attributes: {latency: 400, jitter: 0}, at: 3s, for: 2s}"


@contextmanager
def started(home: Path, file: str) -> Iterator[subprocess.Popen[str]]:
    """A run without a screen."""
    with subprocess.Popen(
        [sys.executable, "-m", "loadtui", "run", file, "--headless"],
        env={**os.environ, **environment(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=home,
    ) as process:
        yield process


def read_until(process: subprocess.Popen[str], words: str) -> None:
    """Read what it says until those words."""
    assert process.stderr is not None
    assert any(words in line for line in process.stderr), f"it never said {words!r}"


def test_a_fault_comes_and_goes_and_has_a_verdict(strangers: RealServer, tmp_path: Path) -> None:
    before = proxies(strangers)
    file = timed(tmp_path, strangers, SLOW)
    outs = ("--out", "summary=s.json", "--out", "junit=j.xml")
    done = shell(tmp_path, "run", file, "--headless", *outs, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    injected, lifted = (done.stderr.index(words) for words in ("injected slow", "lifted slow"))
    assert injected < done.stderr.index("▲ slow on mine") < lifted
    assert re.search(r"p95 \d+ → [4-9]\d\d → \d+\sms · failed 0 → 0 → 0\s%", done.stdout)
    found = json.loads((tmp_path / "s.json").read_text())
    (fault,), (planned,) = found["faults"], found["timed_faults"]
    assert fault["during"]["p95"] > 400 > fault["after"]["p95"]
    assert (planned["state"], planned["at"], planned["for"]) == ("over", 3, 2)
    (marker,) = (each for each in found["timeline"] if each["number"] == planned["marker"])
    assert marker["ended"] - marker["at"] == pytest.approx(2, abs=1)
    assert 'name="slow"' in (tmp_path / "j.xml").read_text()
    assert proxies(strangers) == before, "the proxy was ours, and is gone"


@pytest.mark.parametrize("strangers", ["embedded"], indirect=True)
def test_a_fault_that_cannot_be_injected_fails_the_run(
    strangers: RealServer, tmp_path: Path
) -> None:
    assert strangers.raw("POST", "/proxies/beta", json.dumps({"enabled": False}))[0] == 200
    before = proxies(strangers)
    file = timed(tmp_path, strangers, "gone: {proxy: beta, down: true, at: 1s}", lasts="2s")
    with_own = (
        (tmp_path / file)
        .read_text()
        .replace(
            "proxies: {",
            f'proxies: {{beta: {{listen: "{before["beta"]["listen"]}", upstream: "h:1"}}, ',
        )
    )
    (tmp_path / file).write_text(with_own, encoding="utf-8")
    done = shell(tmp_path, "run", file, "--headless", folder=tmp_path)
    assert done.returncode == 107
    why = "it is so already on the server"
    assert f"loadtui: the fault gone was not injected: {why}" in done.stderr
    assert "proxy beta is there already" in done.stderr
    assert f"gone on beta, planned at 1s: not injected; {why}" in done.stdout
    assert "http_reqs" in done.stdout, "the run went on"
    assert proxies(strangers) == before


@pytest.mark.parametrize("strangers", ["embedded"], indirect=True)
def test_a_proxy_that_is_not_there_is_said_before_anything_is_sent(
    strangers: RealServer, tmp_path: Path
) -> None:
    file = timed(tmp_path, strangers, "gone: {proxy: alpa, down: true, at: 1s}", lasts="2s")
    text = (tmp_path / file).read_text()
    (tmp_path / file).write_text(re.sub(r"  proxies: .*\n", "", text), encoding="utf-8")
    done = shell(tmp_path, "run", file, "--headless", folder=tmp_path)
    assert done.returncode == 107
    said = "there is no proxy alpa on the server for the fault gone; did you mean alpha?"
    assert f"loadtui: {said}" in done.stderr
    assert "No request" not in done.stdout


@pytest.mark.parametrize(
    ("strangers", "number"),
    [("real", signal.SIGKILL), ("embedded", signal.SIGKILL), ("embedded", signal.SIGINT)],
    indirect=["strangers"],
)
def test_whatever_ends_the_run_everything_is_as_it_was(
    number: signal.Signals, strangers: RealServer, tmp_path: Path
) -> None:
    before = proxies(strangers)
    file = timed(tmp_path, strangers, SLOW.replace("3s, for: 2s", "500ms"), lasts="60s")
    with started(tmp_path, file) as process:
        read_until(process, "injected slow")
        assert proxies(strangers)["mine"]["toxics"]
        process.send_signal(number)
        within(5, lambda: proxies(strangers) == before, "everything as it was")
        out, _ = process.communicate(timeout=20)
    if number == signal.SIGINT:
        assert process.returncode == 105
        assert "FAULTS before, during and after" in out
    within(10, lambda: nothing_left(tmp_path), "no process left")


@pytest.mark.parametrize("strangers", ["embedded"], indirect=True)
def test_a_fault_that_cannot_be_lifted_outranks_all(strangers: RealServer, tmp_path: Path) -> None:
    before = proxies(strangers)
    file = timed(tmp_path, strangers, SLOW.replace("3s, for: 2s", "500ms"), lasts="3s")
    with started(tmp_path, file) as process:
        read_until(process, "injected slow")
        strangers.pause()
        _, said = process.communicate(timeout=40)
        strangers.resume()
    assert process.returncode == 111
    assert "loadtui: NOT LIFTED:" in said
    assert "toxiproxy-cli --host" in said
    within(20, lambda: proxies(strangers) == before, "the watchdog went on")
    within(20, lambda: processes(tmp_path) == {}, "no process left")
