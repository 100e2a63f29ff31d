from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from loadtui.cli.following import arguments, open_next
from loadtui.cli.launch import Flags
from loadtui.cli.main import commands
from loadtui.model.command import Quit
from loadtui.tui.application import LoadtuiApp
from loadtui.tui.setup import Setup
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import seen


def test_the_next_scenario_opens_with_the_same_looks_and_no_load() -> None:
    words = arguments(
        Path("-odd.yaml"), "light", Flags(charset="ascii", mouse=False, presenter=True)
    )
    assert words == [
        *("run", "--theme", "light", "--charset", "ascii", "--no-mouse"),
        "--presenter",
        *("--", "-odd.yaml"),
    ]
    context = commands.make_context("loadtui", list(words))
    name, command, rest = commands.resolve_command(context, words)
    assert command is not None
    with command.make_context(name, rest, parent=context) as inner:
        assert inner.params["file"] == Path("-odd.yaml")
        assert inner.params["mouse"] is False
        assert inner.params["vus"] is None


def test_it_becomes_the_next_session(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[list[str]] = []

    def execv(program: str, words: list[str]) -> NoReturn:
        assert program == sys.executable
        became.append(words)
        raise SystemExit

    monkeypatch.setattr(os, "execv", execv)
    with pytest.raises(SystemExit):
        open_next(Path("shop.yaml"), "dark", Flags())
    assert became[0][:4] == [sys.executable, "-m", "loadtui", "run"]
    assert became[0][-1] == "shop.yaml"


async def test_opening_one_asks_while_load_runs_and_leaves_after_yes() -> None:
    link = ScriptedLink(snapshot("fault"))
    app = LoadtuiApp(link, Setup(scenarios=(Path("shop.yaml"),)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        (command,) = (
            each for each in app.get_system_commands(app.screen) if "shop.yaml" in each.title
        )
        command.callback()
        await pilot.pause()
        assert "Leave, and open shop.yaml? The load stops. 1 fault lifted first." in seen(app)
        assert (link.sent, app.opens) == ([], None)
        await pilot.press("escape")
        assert (link.sent, app.opens) == ([], None)
        command.callback()
        await pilot.press("y")
        assert link.sent == [Quit()]
        assert app.opens == Path("shop.yaml")
