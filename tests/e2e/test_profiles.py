"""Profiles on the command line, against real servers."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.e2e.test_headless import SCENARIO, requests_in
from tests.support.shell import shell
from tests.support.slow_server import slow_server


def chain(tmp_path: Path, target: str, limit: str, *more: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "orders.yaml"
    file.write_text(SCENARIO.format(target=target, limit=limit))
    words = ("run", str(file), "--headless", "--profile", "smoke,load", "--time-scale", "120")
    return shell(tmp_path, *words, *more, folder=tmp_path)


def test_several_profiles_run_in_turn(tmp_path: Path) -> None:
    with slow_server(20) as server:
        done = chain(tmp_path, server.url, "5000")
        assert done.returncode == 0, done.stderr
        assert "── smoke (1 of 2)" in done.stderr
        assert "── load (2 of 2)" in done.stderr


def test_each_run_of_several_leaves_files_of_its_own(tmp_path: Path) -> None:
    with slow_server(20) as server:
        outs = ("summary=sum.json", "json=samples.json.gz", "junit=j.xml")
        more = ("--summary-export", "k6.json", *(f"--out={each}" for each in outs))
        done = chain(tmp_path, server.url, "5000", *more)
        assert done.returncode == 0, done.stderr
        files = "sum-smoke.json, samples-smoke.json.gz, j-smoke.xml, k6-smoke.json"
        assert f"── smoke (1 of 2), into {files}\n" in done.stderr
        made = {path.name for path in tmp_path.iterdir() if path.is_file()}
        assert set(files.split(", ")) | set(files.replace("smoke", "load").split(", ")) <= made
        assert "sum.json" not in made
        for name in ("smoke", "load"):
            told = json.loads((tmp_path / f"sum-{name}.json").read_text())
            assert (told["profile"], told["rehearsal"]) == (name, True)


def test_what_a_later_run_could_not_write_is_refused_before_the_first(tmp_path: Path) -> None:
    with slow_server(20) as server:
        (tmp_path / "sum-load.json").mkdir()
        done = chain(tmp_path, server.url, "5000", "--out", "summary=sum.json")
        assert done.returncode == 104, done.stderr
        assert server.served() == 0


def test_the_first_that_does_not_pass_is_the_last(tmp_path: Path) -> None:
    with slow_server(20) as server:
        done = chain(tmp_path, server.url, "1")
        assert done.returncode == 99
        assert "smoke did not pass; not run: load" in done.stderr
        assert "(2 of 2)" not in done.stderr
        assert server.served() == requests_in(done.stdout)


def test_a_climb_ends_where_the_system_breaks(tmp_path: Path) -> None:
    with slow_server(20) as server:
        file = tmp_path / "climb.yaml"
        file.write_text(
            f"target: {server.url}\nrequests: [{{url: /x}}]\n"
            "load: {profile: breakpoint, stages: [30s:30]}\n"
            "thresholds:\n  http_req_duration:\n"
            "    - {threshold: p(95)<5 over 2s, abortOnFail: true}\n"
        )
        outs = ("--out", f"summary={tmp_path / 's.json'}", "--out", f"junit={tmp_path / 'j.xml'}")
        done = shell(tmp_path, "run", str(file), "--headless", *outs)
        assert done.returncode == 99, done.stderr
        assert re.search(r"^ +knee: \d+ VUs?.* into the run$", done.stdout, re.MULTILINE)
        said = " ".join(done.stdout.split())
        assert "broke first: http_req_duration p(95)<5 over 2s (was" in said
        knee, first = json.loads((tmp_path / "s.json").read_text())["findings"]
        assert (knee["about"], first["values"]["metric"]) == ("knee", "http_req_duration")
        assert knee["text"] in (tmp_path / "j.xml").read_text()
