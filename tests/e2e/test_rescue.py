"""What saves an operator when parts fail: stuck servers, dead watchdogs, frozen sessions."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.strangers import proxies, session_pid, start_with_a_fault, within
from tests.support.real import require_real
from tests.support.shell import shell
from tests.support.slow_server import slow_server
from tests.support.tmux import Tmux, environment, processes
from tests.support.toxiproxy_server import RealServer


def pid_of(home: Path, words: str) -> int:
    (found,) = [pid for pid, line in processes(home).items() if words in line]
    return found


@pytest.mark.timeout(90)
def test_panic_from_another_shell_while_the_session_is_frozen(
    strangers: RealServer, tmp_path: Path
) -> None:
    before = proxies(strangers)
    with start_with_a_fault("panic", strangers, tmp_path) as terminal:
        session = session_pid(tmp_path)
        worker = pid_of(tmp_path, "loadtui.load.worker")
        os.kill(session, signal.SIGSTOP)
        done = shell(tmp_path, "panic", wait=30)
        assert done.returncode == 0, done.stdout + done.stderr
        assert proxies(strangers) == before
        within(5, lambda: worker not in processes(tmp_path), "the load stopped")
        os.kill(session, signal.SIGCONT)
        terminal.wait(lambda s: "PANIC" in s and "0 on" in s, seconds=8, what="the panic shown")
        terminal.press("r", "+")
        terminal.wait(lambda s: "RUNNING" in s, seconds=8, what="load again after re-arming")
        terminal.wait(lambda s: re.search(r"\b1 worker", s), seconds=8, what="a fresh worker")


def test_panic_without_a_session_says_so(tmp_path: Path) -> None:
    done = shell(tmp_path, "panic", wait=30)
    assert (done.returncode, done.stdout.strip()) == (0, "no session of loadtui is running")


@pytest.mark.timeout(90)
def test_leftovers_are_offered_at_the_next_start(strangers: RealServer, tmp_path: Path) -> None:
    before = proxies(strangers)
    with start_with_a_fault("left", strangers, tmp_path):
        os.kill(pid_of(tmp_path, "loadtui.chaos.watchdog"), signal.SIGKILL)
        os.kill(session_pid(tmp_path), signal.SIGKILL)
        within(5, lambda: not processes_of_loadtui(tmp_path), "everything of it dead")
    assert proxies(strangers) != before
    words = [sys.executable, "-m", "loadtui", "http://127.0.0.1:9", "--toxiproxy", strangers.url]
    with Tmux("next", words, env=environment(tmp_path), size=(120, 36)) as terminal:
        terminal.wait(lambda s: "earlier session" in s.lower(), seconds=20, what="the offer")
        terminal.press("y")
        within(5, lambda: proxies(strangers) == before, "the leftover lifted")


@pytest.mark.timeout(90)
def test_a_dead_watchdog_blocks_new_faults_and_says_so(
    strangers: RealServer, tmp_path: Path
) -> None:
    with start_with_a_fault("dead", strangers, tmp_path) as terminal:
        os.kill(pid_of(tmp_path, "loadtui.chaos.watchdog"), signal.SIGKILL)
        terminal.wait(lambda s: "watchdog" in s, seconds=8, what="the watchdog's death shown")
        terminal.press("Down", "Space")
        time.sleep(1)  # nothing must happen: there is no event to wait for
        assert proxies(strangers)["beta"]["enabled"] is True
        terminal.press("x")
        within(5, lambda: proxies(strangers)["alpha"]["toxics"] == [], "lifting still works")


@pytest.mark.timeout(90)
def test_ctrl_z_pauses_the_load_and_lifts(strangers: RealServer, tmp_path: Path) -> None:
    with start_with_a_fault("suspend", strangers, tmp_path) as terminal:
        terminal.press("C-z")
        within(5, lambda: proxies(strangers)["alpha"]["toxics"] == [], "lifted")
        state = Path(f"/proc/{session_pid(tmp_path)}/stat")
        within(5, lambda: state.read_text().rsplit(")", 1)[1].split()[0] == "T", "stopped")
        os.kill(session_pid(tmp_path), signal.SIGCONT)
        terminal.wait(lambda s: "PAUSED" in s, seconds=8, what="paused, and said so")


@pytest.mark.timeout(120)
def test_a_stuck_server_of_ours_is_shown_and_restarted_with_its_faults(tmp_path: Path) -> None:
    for name in ("postgres", "tmux"):
        require_real(name)
    words = [sys.executable, "-m", "loadtui", "demo"]
    with Tmux("stuck", words, env=environment(tmp_path), size=(160, 50)) as terminal:
        terminal.wait(lambda s: "Nothing is running" in s, seconds=60, what="idle")
        terminal.press("+", "Space")
        terminal.wait(lambda s: "1 on" in s, seconds=8, what="a fault")
        os.kill(server_pid(tmp_path), signal.SIGSTOP)
        began = time.monotonic()
        terminal.wait(lambda s: "stuck" in s, seconds=4, what="stuck, within 3 s or so")
        assert time.monotonic() - began < 4
        terminal.press("+")
        terminal.wait(lambda s: "target 10" in s, seconds=2, what="keys still work")
        terminal.press("R")
        terminal.wait(lambda s: "stuck" not in s and "1 on" in s, seconds=15, what="restarted")
        terminal.press("q", "y")
        terminal.wait(lambda s: "exit code: 0" in s, seconds=20, what="the end")
    within(5, lambda: not processes_of_loadtui(tmp_path), "no process left")


def server_pid(home: Path) -> int:
    found = [
        pid
        for pid, line in processes(home).items()
        if "loadtui.toxiproxy" in line and "supervisor" not in line
    ]
    return found[0]


def processes_of_loadtui(home: Path) -> list[str]:
    return [line for line in processes(home).values() if "loadtui" in line and "sleep" not in line]


@pytest.mark.timeout(120)
def test_the_demo_alone_says_when_it_is_ready_and_ends_on_sigterm(tmp_path: Path) -> None:
    require_real("postgres")
    words = [sys.executable, "-m", "loadtui", "demo", "--serve"]
    with subprocess.Popen(
        words,
        env={**os.environ, **environment(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        target = re.findall(r"ready: (http://127\.0\.0\.1:\d+)", ready)[0]
        done = shell(
            tmp_path, f"{target}/api/products", "-H", "x-api-key: test-key", "--headless",
            "--iterations", "5", wait=30,
        )  # fmt: skip
        assert "200 ×5" in done.stdout
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    within(5, lambda: not processes_of_loadtui(tmp_path), "no process left")


@pytest.mark.timeout(60)
def test_two_ctrl_c_leave(tmp_path: Path) -> None:
    require_real("tmux")
    with slow_server(5) as server:
        words = [sys.executable, "-m", "loadtui", server.url, "--vus", "3"]
        with Tmux("ctrl-c", words, env=environment(tmp_path), size=(100, 30)) as terminal:
            terminal.wait(lambda s: "RUNNING" in s, seconds=20, what="running")
            terminal.press("C-c")
            terminal.wait(lambda s: "IDLE" in s, seconds=8, what="the load stopped")
            terminal.press("C-c")
            terminal.wait(lambda s: "exit code: 105" in s, seconds=10, what="left")
