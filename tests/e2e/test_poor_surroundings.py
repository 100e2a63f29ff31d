"""Runs in CI, in pipes, without a home: they work or say why, and the exit code is the verdict."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.real import ROOT
from tests.support.slow_server import SlowServer, slow_server

FILE = """\
target: {target}
requests: [{{url: /}}]
load: {{vus: 2, iterations: 20}}
thresholds: {{http_req_duration: [max<1]}}
"""
PATHS = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"}
RUN = f"{shlex.quote(sys.executable)} -m loadtui run s.yaml"


@pytest.fixture(scope="module")
def server() -> Iterator[SlowServer]:
    with slow_server(5) as running:
        yield running


def shelled(
    home: Path, server: SlowServer, command: str, **env: str
) -> subprocess.CompletedProcess[str]:
    """What bash says to that command, in an environment that has nothing but `env`."""
    (home / "s.yaml").write_text(FILE.format(target=server.url), encoding="utf-8")
    done = subprocess.run(
        ["bash", "-c", command],
        env={**PATHS, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=40,
        check=False,
        cwd=home,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.mark.parametrize(
    "env",
    [
        {"CI": "true"},
        {"CI": "true", "TERM": "dumb"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_without_a_terminal_a_run_is_headless_by_itself(
    env: dict[str, str], server: SlowServer, tmp_path: Path
) -> None:
    before = server.served()
    done = shelled(tmp_path, server, RUN, HOME=str(tmp_path), **env)
    assert done.returncode == 99, done.stderr
    assert "max<1" in done.stdout
    assert "the one threshold failed: max<1" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert server.served() - before == 20


@pytest.mark.parametrize(
    ("redirected", "told"),
    [
        (f"{RUN} | head -1; exit ${{PIPESTATUS[0]}}", "failed: max<1"),
        (f"{RUN} >&-", "failed: max<1"),
        (f"{RUN} 2>&-", ""),
        (f"{RUN} <&- >&- 2>&-", ""),
        (f"{RUN} 2>&1 | true; exit ${{PIPESTATUS[0]}}", ""),
    ],
)
def test_whoever_does_not_listen_gets_the_exit_code(
    redirected: str, told: str, server: SlowServer, tmp_path: Path
) -> None:
    before = server.served()
    done = shelled(tmp_path, server, redirected, HOME=str(tmp_path))
    assert done.returncode == 99, done.stderr
    assert told in done.stderr
    assert server.served() - before == 20


@pytest.mark.parametrize("home", ["/proc/nobody", "/dev/null"])
def test_without_a_home_the_ledger_must_have_a_place(
    home: str, server: SlowServer, tmp_path: Path
) -> None:
    before = server.served()
    refused = shelled(tmp_path, server, RUN, HOME=home)
    assert refused.returncode == 104
    (line,) = refused.stderr.splitlines()
    assert f"the state directory {home}/.local/state/loadtui cannot be written" in line
    assert "set XDG_STATE_HOME" in line
    assert server.served() == before
    done = shelled(tmp_path, server, RUN, HOME=home, XDG_STATE_HOME=str(tmp_path / "state"))
    assert done.returncode == 99, done.stderr
    assert f"no journal: {home}/.local/share/loadtui/sessions/" in done.stdout
