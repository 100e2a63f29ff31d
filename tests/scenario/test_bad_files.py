from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.errors import BadInput, ExitCode, ScenarioError
from loadtui.scenario.load import LARGEST, load

TARGET = "target: http://h:1\n"
ROOT = TARGET + "requests:\n  - url: /x\n"
BEFORE = {
    "NOTHING": "",
    "TARGET": TARGET,
    "ROOT": ROOT,
    "REQUEST": ROOT + "    ",
    "FAULT": ROOT
    + "chaos:\n  proxies:\n    db: {listen: 127.0.0.1:1, upstream: 127.0.0.1:2}\n"
    + "  faults:\n    f: ",
}

PYTHON = {
    "shop.py": "async def buy(vu): ...\nasync def sell(vu): ...\n"
    "async def alone(): ...\ndef helper(vu): ...\n",
    "broken.py": "import os\nx = (\n",
    "empty.py": "import os\nasync def _hidden(vu): ...\n",
}

DATA = {
    "users.csv": b"id,name\n1,Ann\n",
    "ragged.csv": b'id,name\n1,Ann\n2\n3,"A\n4"\n5,a,b\n',
    "odd.csv": b"id,name\n1,Am\xe9lie\n",
    "some.json": b'[{"city": "Bern"},\n{"city": null},\n {"id": 1}]',
    "list.json": b'[\n  "Ann"]',
    "words.json": b"{}",
}


def cases() -> Iterator[tuple[str, list[str]]]:
    """Text and lines of each case of bad_files.txt."""
    whole = Path(__file__).with_name("bad_files.txt").read_text(encoding="utf-8")
    for case in whole.split("\n=== ")[1:]:
        before, _, rest = case.partition("\n")
        text, _, lines = rest.partition("--- says\n")
        yield BEFORE[before] + text, lines.splitlines()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in PYTHON.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name, data in DATA.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path.resolve()


CASES = list(cases())


@pytest.mark.parametrize(("text", "lines"), CASES, ids=[lines[0][:60] for _, lines in CASES])
def test_every_problem_is_told_at_its_place(text: str, lines: list[str], here: Path) -> None:
    Path("f").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load(Path("f"), env={})
    assert [line.replace(str(here), "HERE") for line in refused.value.problems] == lines
    assert refused.value.exit_code == ExitCode.BAD_INPUT


def test_problems_are_sorted_by_place_and_bounded(here: Path) -> None:
    Path("f").write_text(ROOT + "".join(f"k{i}: 1\n" for i in range(150)), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load(Path("f"), env={})
    lines = refused.value.problems
    assert lines[0].startswith("f:4:1: a scenario has no key k0;")
    assert lines[99].startswith("f:103:1:")
    assert lines[100:] == ("f: and 50 more; mend these first",)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no file f; check the path"),
        (b"", "f is empty; write at least target: and requests:"),
        (b" \n\n", "f is empty; write at least target: and requests:"),
        (b"name: x\nowner: \xff\n", "f:2 is not UTF-8 text; save the file as UTF-8"),
        ("name: x".encode("utf-16"), "f:1 is not UTF-8 text; save the file as UTF-8"),
        (b"#" * (LARGEST + 1), "f is too large for a scenario; a scenario has at most 1000 kB"),
    ],
)
def test_what_is_no_scenario_file(content: bytes | None, says: str, here: Path) -> None:
    if content is not None:
        Path("f").write_bytes(content)
    with pytest.raises(BadInput) as refused:
        load(Path("f"), env={})
    assert str(refused.value) == says


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (".", ". is a directory; name the scenario file in it"),
        ("/dev/null", "/dev/null is not a regular file; write the scenario to a file"),
        ("x" * 5000, "cannot be read: File name too long; check the path"),
        ("a\0b", "there is no file a\\x00b; check the path"),
    ],
)
def test_what_is_no_file(path: str, says: str, here: Path) -> None:
    with pytest.raises(BadInput) as refused:
        load(Path(path), env={})
    assert str(refused.value).endswith(says)
