"""The screen of a replay: keys move in time, and those that would act are refused in words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from loadtui.session.recording import opened
from loadtui.session.replay import REFUSED, Replay
from loadtui.tui.keys import IN_REPLAY, KEYS, REPLAY_KEYS, Key
from loadtui.tui.replay import ReplayApp
from tests.support.recorded import Recorded
from tests.tui.text import seen

ACTING = [
    key
    for key in KEYS
    if key.id not in {k.id for k in IN_REPLAY} | {"previous", "next", "interrupt"}
    and not {*key.keys.split(",")} & {name for k in REPLAY_KEYS for name in k.keys.split(",")}
    and key.id not in {"tour", "rearm", "restart", "yes"}
]


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Recorded(tmp_path_factory.mktemp("journal"))
    made.end()
    return made.path


@asynccontextmanager
async def shown(journal: Path, at: float = 30.0) -> AsyncIterator[tuple[ReplayApp, Pilot[Any]]]:
    with opened(journal) as recording:
        replay = Replay(recording, at=at)
        replay.start()
        app = ReplayApp(replay)
        async with app.run_test(size=(160, 50)) as pilot:
            await pilot.press("space")
            await until(pilot, "‖ REPLAY" if at < recording.length else "▸ REPLAY")
            yield app, pilot
            await pilot.press("q")
        replay.join()


async def until(pilot: Pilot[Any], words: str) -> str:
    """Wait for words on the screen; → the screen."""
    text = ""
    for _ in range(100):
        await pilot.pause(0.02)
        text = seen(pilot.app)
        if words in text:
            return text
    raise AssertionError(f"{words!r} is not on\n{text}")


async def test_keys_move_in_time(journal: Path) -> None:
    async with shown(journal) as (_, pilot):
        await pilot.press("comma")
        assert "latency payments" in await until(pilot, "00:00:21 of")
        await pilot.press("left")
        assert "latency payments" not in await until(pilot, "00:00:11 of")
        await pilot.press("greater_than_sign", "greater_than_sign", "end")
        assert "○ ENDED" in await until(pilot, "■ REPLAY END")
        await pilot.press("home")
        await until(pilot, "00:00:00 of 00:01:")


async def test_a_moment_is_typed(journal: Path) -> None:
    async with shown(journal) as (_, pilot):
        await pilot.press("colon", *"1:15", "enter")
        await until(pilot, "00:01:15 of")
        await pilot.press("colon", *"xyz", "enter")
        await until(pilot, "is not a duration")
        await pilot.press("escape")


async def test_speed_and_pause_are_in_the_header(journal: Path) -> None:
    async with shown(journal) as (_, pilot):
        await pilot.press("less_than_sign", "space")
        await until(pilot, "▸ REPLAY ×0.5")


@pytest.mark.parametrize("key", ACTING, ids=lambda key: key.id)
async def test_what_would_act_is_refused(key: Key, journal: Path) -> None:
    async with shown(journal) as (app, pilot):
        await pilot.press(key.keys.partition(",")[0])
        for _ in range(100):
            await pilot.pause(0.02)
            if len(app._notifications):
                break
        assert [each.message for each in app._notifications] == [REFUSED]
        assert len(app.screen_stack) == 1


async def test_help_footer_and_palette_have_the_keys_of_a_replay(journal: Path) -> None:
    async with shown(journal) as (_, pilot):
        footer = seen(pilot.app).splitlines()[-1]
        assert "marker before, next" in footer
        assert "PANIC" not in footer
        await pilot.press("question_mark")
        text = await until(pilot, "slower, faster")
        assert "spike" not in text.partition(" keys ")[2]
        await pilot.press("escape", "ctrl+p", *"Go to")
        await until(pilot, "latency payments")
        await pilot.press("escape")
