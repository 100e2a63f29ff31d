"""Runs whose disk is full or cannot be written: the verdict is told, and why there is no file."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.slow_server import slow_server
from tests.support.tmux import environment

DISKS = """
mkdir small fixed
mount -t tmpfs -o size=16k tmpfs small
mount -t tmpfs tmpfs fixed
mount -o remount,ro fixed
dd if=/dev/zero of=small/fill bs=1k count=12 2>/dev/null
"""
OUTS = "--out summary=small/s.json --out junit=fixed/j.xml --summary-export k6.json"


def on_poor_disks(home: Path, words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run in a mount namespace of its own, where `small` is full and `fixed` read-only."""
    command = f"set -e\n{DISKS}\nexec {shlex.quote(sys.executable)} -m loadtui {words} --headless"
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", command],
        env={**os.environ, **environment(home), **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
        cwd=home,
    )


@pytest.fixture(autouse=True)
def _may_mount() -> None:
    tried = subprocess.run(
        ["unshare", "-m", "true"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
    )
    if tried.returncode:
        pytest.skip("this user may not mount")


def test_a_full_and_a_read_only_disk_lose_files_but_no_verdict(tmp_path: Path) -> None:
    with slow_server(5) as server:
        words = f"{server.url} --vus 2 --duration 2s --threshold 'max<1' {OUTS}"
        done = on_poor_disks(tmp_path, words, XDG_DATA_HOME=str(tmp_path / "small"))
        served = server.served()
    assert done.returncode == 99, done.stderr
    assert "✗ max<1" in done.stdout
    assert "No space left on device" in done.stdout.split("journal ended: ")[1]
    assert "small/s.json was not written: No space left on device" in done.stderr
    assert "fixed/j.xml was not written: Read-only file system" in done.stderr
    exported = json.loads((tmp_path / "k6.json").read_text())
    assert exported["metrics"]["http_reqs"]["count"] == served
    assert "Traceback" not in done.stderr


def test_without_a_place_for_the_ledger_nothing_starts(tmp_path: Path) -> None:
    with slow_server(5) as server:
        words = f"{server.url} --iterations 2"
        done = on_poor_disks(tmp_path, words, XDG_STATE_HOME=str(tmp_path / "fixed"))
        assert server.served() == 0
    assert done.returncode == 104
    (line,) = done.stderr.splitlines()
    assert "cannot be written: Read-only file system; set XDG_STATE_HOME" in line
