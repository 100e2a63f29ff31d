from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from loadtui.demo.postgres import (
    Postgres,
    copy,
    everybody_may_run,
    find_programs,
    lay_out,
    supervised,
)
from loadtui.errors import SetupFailed

SERVER = Postgres(Path("/programs"), Path("/data"), 22002)


def test_the_server_listens_on_loopback_and_on_no_unix_socket() -> None:
    words = SERVER.serve()
    assert words[:5] == ("/programs/postgres", "-D", "/data", "-p", "22002")
    assert "listen_addresses=127.0.0.1" in words
    assert "unix_socket_directories=" in words


def test_its_supervisor_ends_it_fast_and_runs_it_as_nobody() -> None:
    assert supervised(("postgres", "-D", "x"), 7) == (
        "loadtui.supervisor",
        *("--lifeline", "7", "--signal", "INT", "--user", "nobody"),
        *("--", "postgres", "-D", "x"),
    )


def test_the_programs_of_the_package_are_found_and_run() -> None:
    said = subprocess.run(
        [find_programs() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("postgres (PostgreSQL) 18")


def test_without_the_package_both_ways_out_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SetupFailed) as missing:
        find_programs()
    assert "pip install 'loadtui[demo]', or name a server of yours: --postgres DSN" in str(
        missing.value
    )


def test_a_copy_runs_from_a_place_that_everybody_can_reach(open_path: Path) -> None:
    closed = open_path / "closed"
    closed.mkdir(mode=0o700)
    hidden = copy(find_programs(), closed)
    assert not everybody_may_run(hidden)
    shown = copy(hidden, open_path)
    assert everybody_may_run(shown)
    subprocess.run([shown / "initdb", "--version"], capture_output=True, check=True)


def test_for_an_ordinary_user_the_programs_stay_where_they_are(tmp_path: Path) -> None:
    server = lay_out(tmp_path, Path("/programs"), 22002, root=False)
    assert server == Postgres(Path("/programs"), tmp_path / "data", 22002)
    assert server.data.stat().st_mode & 0o777 == 0o700
    assert server.data.stat().st_uid == os.geteuid()


def test_data_that_nobody_could_reach_are_refused_with_the_cure(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(SetupFailed, match=r"user nobody cannot reach .*; set TMPDIR to a folder"):
        lay_out(closed, find_programs(), 22002, root=True)


def test_a_folder_that_is_in_the_way_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(SetupFailed, match=f"no database can be set up in {tmp_path}: "):
        lay_out(tmp_path, find_programs(), 22002, root=False)
