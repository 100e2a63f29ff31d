"""Journals that somebody wrote on purpose, or a disk by accident: words, never a traceback, and
nothing that a terminal would act on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadtui.cli.main import run
from loadtui.errors import BadInput
from loadtui.session.journal_line import with_sum
from loadtui.session.recording import opened
from loadtui.session.replay import Replay
from loadtui.tui.replay import ReplayApp
from tests.support.recorded import Recorded
from tests.tui.text import seen

EVIL = (
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b[2J\x1b[H\x9b31m",
    "[bold red]x[/] [@click=app.quit]y[/]",
    "\u202eevil\u2066\u200b",
    "\r\n\x08\x7f\x00",
    "日本語👩‍👩‍👧" * 90,
)
ODD: tuple[object, ...] = (
    *EVIL,
    None,
    True,
    0,
    -1,
    10**18,
    1e308,
    -1e308,
    1e-300,
    "",
    [],
    {},
    [1],
    {"a": 1},
)
Place = tuple[str | int, ...]

quick = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    made = Recorded(tmp_path_factory.mktemp("journal"), seconds=25)
    made.end()
    return made.path.read_bytes().splitlines()


def places(value: Any, where: Place = ()) -> Iterator[Place]:  # noqa: ANN401 - JSON
    """Every place in a JSON value."""
    if where and where[0] not in {"k", "n", "crc"}:
        yield where
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in inner:
            yield from places(item, (*where, key))


def changed(raw: bytes, where: Place, value: object) -> bytes:
    """The line with something else in one place, and a sum that is right."""
    line = json.loads(raw)
    del line["crc"]
    into = line
    for key in where[:-1]:
        into = into[key]
    into[where[-1]] = value
    return with_sum(json.dumps(line).encode())[:-1]


@st.composite
def edits(draw: st.DrawFn, lines: list[bytes]) -> list[bytes]:
    """The lines with a few places of them changed."""
    out = list(lines)
    for _ in range(draw(st.integers(1, 3))):
        index = draw(st.integers(0, len(out) - 1))
        line = json.loads(out[index])
        where = draw(st.sampled_from(sorted(places(line), key=str)))
        out[index] = changed(out[index], where, draw(st.sampled_from(ODD)))
    return out


def is_harmless(text: str) -> bool:
    """Whether a terminal only shows it."""
    return all(each.isprintable() or each in "\n\u00a0" for each in text)


@quick
@given(data=st.data())
def test_whatever_is_written_into_one_the_summary_is_words(
    data: st.DataObject, lines: list[bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "evil.ndjson"
    path.write_bytes(b"\n".join(data.draw(edits(lines))) + b"\n")
    assert run(["replay", str(path), "--headless", "--summary-mode", "full"]) in {0, 104}
    told = capsys.readouterr()
    assert is_harmless(told.out), told.out
    assert is_harmless(told.err), told.err


@quick
@given(
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=9),
    cut=st.floats(0, 1),
)
def test_whatever_a_disk_does_to_one_the_summary_is_words(
    flips: list[tuple[float, int]],
    cut: float,
    lines: list[bytes],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = bytearray(b"\n".join(lines) + b"\n")
    for where, by in flips:
        broken[int(where * (len(broken) - 1))] ^= by
    path = tmp_path / "broken.ndjson"
    path.write_bytes(broken[: int(cut * len(broken)) + 1])
    assert run(["replay", str(path), "--headless"]) in {0, 104}
    told = capsys.readouterr()
    assert told.err or told.out
    assert is_harmless(told.out + told.err)


@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
async def test_texts_of_a_journal_are_shown_as_texts(
    evil: str, lines: list[bytes], tmp_path: Path
) -> None:
    whole = next(at for at, line in enumerate(lines) if b'"whole":{"at"' in line)
    texts = [
        p for p in places(json.loads(lines[whole])) if p[-1] in {"name", "source", "target_url"}
    ]
    for where in texts:
        lines = [*lines[:whole], changed(lines[whole], where, evil), *lines[whole + 1 :]]
    last = json.loads(lines[-2])["new"]["~"]
    lines = [*lines[:-2], changed(lines[-2], ("new", "~", "caption"), evil), lines[-1]]
    assert last
    path = tmp_path / "evil.ndjson"
    path.write_bytes(b"\n".join(lines) + b"\n")
    with opened(path) as recording:
        app = ReplayApp(Replay(recording, at=recording.length))
        async with app.run_test(size=(160, 50)) as pilot:
            await pilot.pause()
            text = seen(app)
    assert "REPLAY END" in text
    assert is_harmless(text.replace("\u200d", ""))


def test_one_that_only_says_that_it_is_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.ndjson"
    path.write_bytes(with_sum(b'{"k":"header","t":0.0,"n":0,"journal":2}'))
    with pytest.raises(BadInput, match="no journal that can be shown"):
        opened(path)
