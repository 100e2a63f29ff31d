from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import BadInput
from loadtui.outputs.target import Target
from loadtui.outputs.target_parse import parse, targets


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("json", Target("json", "-")),
        ("json=-", Target("json", "-")),
    ],
)
def test_k6s_forms_are_read(text: str, target: Target, tmp_path: Path) -> None:
    assert parse(text, {}, tmp_path) == target


def test_a_relative_file_belongs_to_the_folder_it_was_typed_in(tmp_path: Path) -> None:
    assert parse("csv=out.csv", {}, tmp_path).place == str(tmp_path / "out.csv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("jsn=a", "jsn"),
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
    twice = ("prometheus=http://me:pw@h/", "prometheus=http://me:pw@h/?native=1")
    with pytest.raises(BadInput, match="another output") as refused:
        targets(twice, (), {}, tmp_path)
    assert "pw" not in str(refused.value)
