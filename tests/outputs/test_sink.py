from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from loadtui.outputs.k6_json import definitions
from loadtui.outputs.sink_frame import Gauges, Level, Open
from loadtui.outputs.target import Target
from tests.support.sink_hand import ORIGIN, requests, sink_hand


def points(data: bytes) -> list[dict[str, Any]]:
    return [each for each in map(json.loads, data.splitlines()) if each["type"] == "Point"]


def opened(*targets: Target) -> Open:
    return Open(targets, {}, definitions([]), {"team": "web"})


def test_workers_samples_land_in_every_file(tmp_path: Path) -> None:
    as_json, packed, as_csv = (tmp_path / name for name in ("a.json", "a.json.gz", "a.csv"))
    targets = (
        Target("json", str(as_json)),
        Target("json", str(packed)),
        Target("csv", str(as_csv)),
    )
    with sink_hand(tmp_path) as sink:
        assert sink.open(opened(*targets)) == ""
        for _ in range(2):
            sink.report(requests(1.5, 2.5))
        sink.say(Level(ORIGIN, 3, 9))
        written = sink.finish()
    assert [(each.samples, each.lost, each.why) for each in written] == [(38, 0, "")] * 3
    found = points(as_json.read_bytes())
    counts = Counter(each["metric"] for each in found)
    assert counts["http_reqs"] == counts["http_req_duration"] == 4
    assert {each["data"]["tags"]["team"] for each in found} == {"web"}
    assert {each["data"]["time"] for each in found} == {
        "2023-11-14T22:13:21.5Z",
        "2023-11-14T22:13:22.5Z",
        "2023-11-14T22:13:20Z",
    }
    assert [each["data"]["value"] for each in found if each["metric"] == "vus"] == [3]
    assert Counter(each["metric"] for each in points(gzip.decompress(packed.read_bytes()))) == (
        counts
    )
    rows = list(csv.DictReader(as_csv.read_text(encoding="utf-8").splitlines()))
    assert Counter(row["metric_name"] for row in rows) == counts
    assert {row["extra_tags"] for row in rows} == {"team=web"}


def test_a_watched_process_is_a_gauge_of_the_run_that_names_it(tmp_path: Path) -> None:
    place = tmp_path / "a.json"
    with sink_hand(tmp_path) as sink:
        assert sink.open(opened(Target("json", str(place)))) == ""
        for value in (5.0, 6.0):
            sink.say(Gauges(ORIGIN, "api", {"watch_memory": value, "watch_up": 1.0}))
        sink.say(Gauges(ORIGIN, "db", {"watch_memory": 7.0}))
        sink.say(Level(ORIGIN, 3, 9))
        sink.finish()
    found = [(each["metric"], each["data"]) for each in points(place.read_bytes())]
    memory = [(data["tags"], data["value"]) for name, data in found if name == "watch_memory"]
    assert memory == [
        ({"process": "api", "team": "web"}, 5),
        ({"process": "api", "team": "web"}, 6),
        ({"process": "db", "team": "web"}, 7),
    ]
    assert [data["tags"] for name, data in found if name == "vus"] == [{"team": "web"}]
    types = [json.loads(line) for line in place.read_bytes().splitlines()]
    kinds = {each["metric"]: each["data"]["type"] for each in types if each["type"] == "Metric"}
    assert kinds["watch_memory"] == "gauge"


def test_lines_go_to_stdout_when_asked(tmp_path: Path) -> None:
    with sink_hand(tmp_path) as sink:
        assert sink.open(opened(Target("json", "-"))) == ""
        sink.report(requests(1.0))
        sink.finish()
        assert sink.process.stdout is not None
        assert len(points(sink.process.stdout.read())) == 9


def test_a_place_that_cannot_be_written_is_told_before_anything_runs(tmp_path: Path) -> None:
    with sink_hand(tmp_path) as sink:
        problem = sink.open(opened(Target("csv", str(tmp_path / "no" / "a.csv"))))
    assert "csv=" in problem
    assert "No such file" in problem


def test_a_full_disk_is_told_and_what_it_misses_is_counted(tmp_path: Path) -> None:
    fine = tmp_path / "fine.json"
    with sink_hand(tmp_path) as sink:
        assert sink.open(opened(Target("json", "/dev/full"), Target("json", str(fine)))) == ""
        sink.report(requests(1.0))
        full, other = sink.finish()
    assert full.lost > 0
    assert "No space left" in full.why
    assert (other.samples, other.lost) == (9, 0)
    assert len(points(fine.read_bytes())) == 9


def test_what_came_before_the_session_died_is_written(tmp_path: Path) -> None:
    place = tmp_path / "a.json"
    with sink_hand(tmp_path) as sink:
        sink.open(opened(Target("json", str(place))))
        sink.report(requests(1.0, 2.0))
        sink.leave()
    assert len(points(place.read_bytes())) == 18


@pytest.mark.parametrize("noise", [b"\xff\xff\xff\xff", b"\0\0\0\2hi"])
def test_noise_of_one_worker_harms_no_other(tmp_path: Path, noise: bytes) -> None:
    place = tmp_path / "a.json"
    with sink_hand(tmp_path) as sink:
        sink.open(opened(Target("json", str(place))))
        for data in (noise, requests(1.0)):
            sink.report(data)
        sink.finish()
    assert len(points(place.read_bytes())) == 9
    assert any("cannot be read" in text for text in sink.troubles)
