from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import BadInput
from loadtui.outputs.target import Target, parse, targets


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("json", Target("json", "-")),
        ("json=-", Target("json", "-")),
        ("influxdb", Target("influxdb", "http://localhost:8086/k6")),
        ("influxdb=http://127.0.0.1:9/runs", Target("influxdb", "http://127.0.0.1:9/runs")),
        ("influxdb=http://[::1]:9/", Target("influxdb", "http://[::1]:9/k6")),
        (
            "influxdb=https://me:pw@db.test/runs",
            Target("influxdb", "https://db.test/runs", "me", "pw"),
        ),
        (
            "prometheus",
            Target("prometheus", "http://localhost:9090/api/v1/write", stats=("p(99)",)),
        ),
        (
            "prometheus=http://me:p%40w@127.0.0.1:9/rw",
            Target("prometheus", "http://127.0.0.1:9/rw", "me", "p@w", stats=("p(99)",)),
        ),
    ],
)
def test_k6s_forms_are_read(text: str, target: Target, tmp_path: Path) -> None:
    assert parse(text, {}, tmp_path) == target


def test_a_relative_file_belongs_to_the_folder_it_was_typed_in(tmp_path: Path) -> None:
    assert parse("csv=out.csv", {}, tmp_path).place == str(tmp_path / "out.csv")


def test_how_to_sign_in_comes_from_the_environment_ours_first(tmp_path: Path) -> None:
    env = {"K6_INFLUXDB_USERNAME": "k6", "LOADTUI_INFLUXDB_USERNAME": "us"}
    found = parse(
        "influxdb", {**env, "K6_INFLUXDB_PASSWORD": "pw", "K6_INFLUXDB_DB": "x"}, tmp_path
    )
    assert found == Target("influxdb", "http://localhost:8086/x", "us", "pw")
    assert "pw" not in found.label


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("jsn=a", "jsn"),
        ("influxdb=db", "no http:// URL"),
        ("influxdb=http://h:99999/x", "no http:// URL"),
        ("json=no/such/a.json", "there is no folder"),
        ("json=.", "is a folder"),
    ],
)
def test_what_cannot_work_is_refused(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=words):
        parse(text, {}, tmp_path)


def test_two_outputs_may_not_share_a_place(tmp_path: Path) -> None:
    assert len(targets(("json=a", "csv=b"), (), {}, tmp_path)) == 2
    with pytest.raises(BadInput, match="another output"):
        targets(("json=a", "csv=a"), (), {}, tmp_path)
