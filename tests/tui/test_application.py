from __future__ import annotations

from loadtui.model.command import Step
from loadtui.tui.application import LoadtuiApp
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot


async def test_it_ends_when_the_session_has_ended() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("plus")
        assert link.sent == [Step(1)]
        link.change(phase="ended")
        await pilot.pause()
    assert app.return_value == 0
