"""Processes to watch: there before a run, and not asked for where a file is only looked over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtui.errors import ScenarioError
from loadtui.model.scenario import Scenario
from loadtui.model.watch import Watch
from loadtui.scenario.load import load

HEAD = "target: http://h:1\nrequests: [{url: /x}]\nwatch:\n"
NOBODY = 2**22 + 1


def loaded(folder: Path, watch: str, *, to_run: bool = True) -> Scenario:
    file = folder / "shop.yaml"
    file.write_text(HEAD + watch)
    return load(file, env={"API_PID": str(os.getpid())}, to_run=to_run)


def refused(folder: Path, watch: str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        loaded(folder, watch)
    return [line.removeprefix(str(folder / "shop.yaml:")) for line in error.value.problems]


def test_a_process_is_named_by_its_id_or_by_a_file_beside_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "api.pid").write_text(f"{os.getpid()}\n")
    made = loaded(tmp_path, "  api: {pidfile: api.pid}\n  db:\n    pid: ${API_PID}\n")
    assert made.watch == (
        Watch("api", 0, str(tmp_path / "api.pid")),
        Watch("db", os.getpid(), ""),
    )


def test_what_cannot_be_watched_is_told_at_its_place(tmp_path: Path) -> None:
    (tmp_path / "empty.pid").write_text("")
    (tmp_path / "old.pid").write_text(f"{NOBODY}\n")
    (tmp_path / "folder").mkdir()
    watch = (
        f"  a: {{pid: {NOBODY}}}\n  b: {{pidfile: none.pid}}\n  c: {{pidfile: empty.pid}}\n"
        "  d: {pidfile: old.pid}\n  e: {pidfile: folder}\n"
    )
    start = "start it before the run, or mend this"
    first = f"start the process first; paths are relative to {tmp_path}"
    assert refused(tmp_path, watch) == [
        f"4:12: no process {NOBODY} runs; {start}",
        f"5:16: the pid file none.pid cannot be read: No such file or directory; {first}",
        "6:16: the pid file empty.pid holds no process id;"
        " it must begin with the number of the process",
        f"7:16: no process {NOBODY} runs, which old.pid names; {start}",
        f"8:16: the pid file folder cannot be read: Is a directory; {first}",
    ]


def test_a_file_that_is_only_looked_over_needs_no_process(tmp_path: Path) -> None:
    made = loaded(tmp_path, f"  a: {{pid: {NOBODY}}}\n", to_run=False)
    assert made.watch == (Watch("a", NOBODY, ""),)
