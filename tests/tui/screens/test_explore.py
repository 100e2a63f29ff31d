"""The large chart on the screen, and what it leaves as files."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from loadtui.tui.application import LoadtuiApp
from loadtui.tui.screens.explore import ExploreScreen
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import seen


def app_in(state: str) -> LoadtuiApp:
    return LoadtuiApp(ScriptedLink(snapshot(state)))


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def take_away(folder: Path) -> None:
    folder.rmdir()


async def test_it_draws_what_is_turned_to() -> None:
    app = app_in("after")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "p95 ms against time" in seen(app)
        assert sum("\u2801" <= ch <= "\u28ff" for ch in seen(app)) > 60
        await pilot.press("down", "right")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "p50 ms against p95 ms" in seen(app)
        await pilot.press("l")
        await pilot.pause()
        assert "p50 ms, log against" in seen(app)
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, ExploreScreen)


async def test_without_numbers_it_says_so() -> None:
    app = app_in("idle")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("g")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "too little was measured" in seen(app)


async def test_w_writes_text_and_svg_that_fetches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = app_in("after")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("w", "w")
        await pilot.pause()
    names = written(tmp_path)
    stem = "explore-p95-ms-time"
    assert names == [f"{stem}-2.svg", f"{stem}-2.txt", f"{stem}.svg", f"{stem}.txt"]
    text = (tmp_path / f"{stem}.txt").read_text()
    assert "p95 ms against time" in text
    svg = (tmp_path / f"{stem}.svg").read_text()
    ET.fromstring(svg)  # noqa: S314 - it was written a moment ago
    assert "font-face" not in svg
    assert "url(http" not in svg
    assert any("\u2801" <= ch <= "\u28ff" for ch in svg)


async def test_what_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = app_in("after")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g")
        await app.workers.wait_for_complete()
        await pilot.pause()
        take_away(tmp_path)
        await pilot.press("w")
        await pilot.pause()
        assert any("cannot be written here" in each.message for each in app._notifications)
