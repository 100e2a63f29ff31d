from __future__ import annotations

from loadtui.tui.application import LoadtuiApp
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import until


async def test_a_theme_is_worn_while_it_is_looked_at_and_escape_takes_it_off() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("steady")))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("T")
        await pilot.pause()
        worn: set[str] = set()
        for _ in app.theme_names:
            await pilot.press("down")
            await until(pilot, lambda: app.theme not in worn or len(worn) > 5)
            worn.add(app.theme)
        assert worn == set(app.theme_names)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert app.theme == "dark"


async def test_enter_keeps_it_and_says_how_to_keep_it_for_good() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("steady")))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("T", *"contr")
        await until(pilot, lambda: app.theme == "contrast")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        assert app.theme == "contrast"
        said = [each.message for each in app._notifications]
        assert said == ["Theme contrast. To keep it, write theme: contrast into config.yaml."]


async def test_in_the_palette_a_theme_looked_at_is_taken_off_for_another_command() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("steady")))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+p", *"theme: light")
        await until(pilot, lambda: app.theme == "light")
        await pilot.press(*(["backspace"] * 12), *"freeze")
        await until(pilot, lambda: app.theme == "dark")
