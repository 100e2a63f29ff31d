from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import BadInput
from loadtui.model.command import Panic, Spike, TogglePause
from loadtui.tui.application import LoadtuiApp
from loadtui.tui.keymap import Found, key_named, read_keymap
from loadtui.tui.setup import Setup
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot


def read(tmp_path: Path, text: str) -> Found:
    path = tmp_path / "keymap.yaml"
    path.write_text(text, encoding="utf-8")
    found = read_keymap(path)
    places = tuple(line.removeprefix(f"{tmp_path}/keymap.yaml:") for line in found.problems)
    return Found(found.keymap, places)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("k", "k"),
        ("K", "K"),
        ("+", "plus"),
        ("plus", "plus"),
        ("?", "question_mark"),
        (",", "comma"),
        ("/", "slash"),
        (" ", "space"),
        ("F5", "f5"),
        ("esc", "escape"),
        ("pgup", "pageup"),
        ("Ctrl+S", "ctrl+s"),
        ("ctrl++", "ctrl+plus"),
        ("shift+tab", "shift+tab"),
        ("shift+ctrl+up", "ctrl+shift+up"),
    ],
)
def test_keys_are_written_as_people_write_them(written: str, name: str) -> None:
    assert key_named(written) == name


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("kk", "there is no key named kk"),
        ("pagedwn", "did you mean pagedown?"),
        ("cmd+k", "cmd is no modifier"),
        ("shift+k", "write K"),
        ("ctrl+i", "ctrl+i is tab to a terminal"),
        ("ctrl+", "there is no key named ctrl+"),
        ("\u200b", "there is no key"),
    ],
)
def test_a_key_that_never_comes_is_refused(written: str, words: str) -> None:
    with pytest.raises(BadInput, match=words.replace("+", r"\+").replace("?", r"\?")):
        key_named(written)


def test_ids_get_their_keys() -> None:
    path = Path(__file__).parent / "nowhere.yaml"
    assert read_keymap(path) == Found()


def test_one_or_several_keys(tmp_path: Path) -> None:
    text = "spike: K\nup: ['+', ctrl+up]\nnote: ctrl+n, N\n"
    found = read(tmp_path, text)
    assert found == Found({"spike": "K", "up": "plus,ctrl+up", "note": "ctrl+n,N"})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sprike: k\n", "1:1: there is no key sprike; did you mean spike?"),
        ("spike: kk\n", "1:8: there is no key named kk; "),
        ("spike:\n", "1:1: spike needs a key; "),
        ("spike: {a: b}\n", "1:8: spike needs a key; "),
        ("spike: p\n", "1:8: p is pause already; give spike or pause another key"),
        ("spike: K\nnote: K\n", "2:7: K is spike already; give note or spike another key"),
        ("replay-on: z\n", "1:12: z is freeze already; give replay-on or freeze another key"),
        ("panic-anywhere: w\n", "1:17: panic-anywhere must work while something is typed; "),
        ("interrupt: '?'\n", "1:12: interrupt must work while something is typed; "),
        ("spike: K\nspike: j\n", "2:1: the key spike is there twice; "),
        ("- spike\n", "1:1: a keymap is a mapping of keys; write an id with its key"),
        ("spike: [\n", "2:1: "),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_left_out(
    tmp_path: Path, text: str, problem: str
) -> None:
    found = read(tmp_path, text)
    assert len(found.problems) == 1
    assert found.problems[0].startswith(problem)
    assert set(found.keymap) <= {"spike"}


def test_every_problem_is_told_at_once_and_the_rest_holds(tmp_path: Path) -> None:
    found = read(tmp_path, "sprike: k\nspike: K\nnote: zz\nadd: q\nzero: Z\n")
    assert [line.partition(" ")[0] for line in found.problems] == ["1:1:", "3:7:", "4:6:"]
    assert found.keymap == {"spike": "K", "zero": "Z"}


async def test_two_keys_can_be_swapped(tmp_path: Path) -> None:
    (tmp_path / "keymap.yaml").write_text("spike: p\npause: s\npanic-anywhere: f8\n", "utf-8")
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link, Setup(home=tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("p", "s", "f8", "f9")
        assert link.sent == [Spike(), TogglePause(), Panic("key")]
