from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from loadtui.demo.folder import Folder, sweep
from loadtui.errors import SetupFailed

# Stands in for a postmaster by its command line alone; "ready" comes once it would die of SIGINT.
SERVER = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
print("ready", flush=True)
sys.stdin.read()
"""


def dead(parent: Path, name: str = "loadtui-demo-dead") -> Path:
    """What a killed run leaves behind."""
    left = parent / name
    (left / "data").mkdir(parents=True)
    (left / "orders.log").write_text("its last words")
    return left


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        yield started
        started.kill()


def test_a_folder_is_private_but_can_be_passed_through(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert folder.path.stat().st_mode & 0o777 == 0o711
    folder.remove()
    assert not list(tmp_path.iterdir())
    folder.remove()


def test_a_parent_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupFailed, match=f"no folder can be made below {tmp_path}/no: No such"):
        Folder(tmp_path / "no")


def test_what_a_dead_run_left_is_swept(tmp_path: Path) -> None:
    dead(tmp_path)
    sweep(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_living_run_is_left_alone(tmp_path: Path) -> None:
    living = Folder(tmp_path)
    (living.path / "orders.log").touch()
    sweep(tmp_path)
    assert (living.path / "orders.log").exists()
    living.remove()


def test_what_is_not_the_demos_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").touch()
    (tmp_path / "loadtui-demo-link").symlink_to(elsewhere)
    (tmp_path / "loadtui-demo-file").touch()
    sweep(tmp_path)
    assert (elsewhere / "mine").exists()
    assert (tmp_path / "loadtui-demo-file").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder somebody else's")
def test_what_belongs_to_somebody_else_is_left_alone(tmp_path: Path) -> None:
    theirs = dead(tmp_path)
    os.chown(theirs, 65534, 65534)
    sweep(tmp_path)
    assert theirs.exists()


def test_a_database_that_outlived_its_run_is_ended(tmp_path: Path) -> None:
    data = dead(tmp_path) / "data"
    with process("postgres", "-D", str(data)) as server:
        (data / "postmaster.pid").write_text(f"{server.pid}\n{data}\n")
        # Reaped at once, as an orphan is by its new parent.
        signal.signal(signal.SIGCHLD, lambda *_: server.poll())
        try:
            sweep(tmp_path)
        finally:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        assert server.wait(5) == -signal.SIGINT
    assert not data.exists()


def test_a_process_that_only_got_the_same_number_is_left_alone(tmp_path: Path) -> None:
    data = dead(tmp_path) / "data"
    with process("postgres", "-D", "/somewhere/else") as stranger:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n")
        sweep(tmp_path)
        assert stranger.poll() is None
    assert not data.exists()


@pytest.mark.parametrize("text", ["", "no number\n", "999999999\n", "-1\n"])
def test_a_useless_record_does_not_stop_the_sweep(tmp_path: Path, text: str) -> None:
    data = dead(tmp_path) / "data"
    (data / "postmaster.pid").write_text(text)
    sweep(tmp_path)
    assert not data.exists()
