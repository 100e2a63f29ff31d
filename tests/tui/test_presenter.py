"""Presenter mode: what an audience reads, and what it does not."""

from __future__ import annotations

import msgspec
import pytest

from loadtui.tui.application import LoadtuiApp
from loadtui.tui.setup import Setup
from tests.tui.scripted import ScriptedLink
from tests.tui.states import NAMES, snapshot
from tests.tui.text import seen, until


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (200, 60)])
async def test_big_figures_and_a_caption_and_no_address(size: tuple[int, int]) -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("fault")), Setup(presenter=True))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "③   latency payments" in seen(app))
        text = seen(app)
        assert "█" in "".join(text.splitlines()[1:7])
        assert "127.0.0.1" not in text
        assert "generator" not in text
        assert "PANIC" in text


async def test_it_wears_its_theme_and_gives_the_old_one_back() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("steady")))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("P")
        assert app.theme == "presenter"
        await pilot.press("P")
        assert app.theme == "dark"
        await until(pilot, lambda: "http://127.0.0.1:3000" in seen(app))


async def test_a_theme_that_was_asked_for_stays() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("steady")), Setup(theme="light", presenter=True))
    async with app.run_test(size=(120, 40)):
        assert app.theme == "light"


async def test_toasts_and_dialogs_are_hidden_in_too() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link, Setup(presenter=True, secrets=("hunter2",)))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        link.change(news="no journal: /srv/me/x.ndjson, token hunter2", news_number=9)
        await until(pilot, lambda: "no journal" in seen(app))
        assert "/srv/me" not in seen(app)
        assert "hunter2" not in seen(app)


@pytest.mark.parametrize("size", [(60, 16), (50, 12), (20, 5), (1, 1), (160, 20)])
async def test_every_state_fits_every_size(size: tuple[int, int]) -> None:
    link = ScriptedLink(snapshot("idle"))
    app = LoadtuiApp(link, Setup(presenter=True))
    async with app.run_test(size=size) as pilot:
        for state in NAMES:
            link.show(msgspec.structs.replace(snapshot(state), caption="An outage " * 30))
            await pilot.pause()
            assert len(seen(app).splitlines()) == size[1]
