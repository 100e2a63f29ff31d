"""What Textual paints of its own, too: palette, fields and toasts, as the terminal is sent them."""

from __future__ import annotations

import pytest
from rich._palettes import STANDARD_PALETTE
from rich.color import Color, ColorSystem
from textual.geometry import Region

from loadtui.tui.application import LoadtuiApp
from loadtui.tui.legible import ENOUGH, contrast
from loadtui.tui.setup import TRUE_COLOUR, Colours, Setup
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import until

SYSTEMS = {
    TRUE_COLOUR: ColorSystem.TRUECOLOR,
    256: ColorSystem.EIGHT_BIT,
    16: ColorSystem.STANDARD,
}


def faint_in(app: LoadtuiApp, where: Region, system: ColorSystem) -> dict[str, float]:
    """Words inside a region that cannot be read well, with their contrast."""

    def sent(colour: Color) -> str:
        found = colour.downgrade(system)
        if found.number is not None and system is ColorSystem.STANDARD:
            return "#{:02x}{:02x}{:02x}".format(*STANDARD_PALETTE[found.number])
        return found.get_truecolor().hex

    out: dict[str, float] = {}
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        if not where.y <= y < where.bottom:
            continue
        for segment in strip.crop(where.x, where.right):
            style = segment.style
            if style and style.color and style.bgcolor and any(map(str.isalnum, segment.text)):
                ratio = contrast(sent(style.color), sent(style.bgcolor))
                if ratio < ENOUGH:
                    out[segment.text.strip()] = round(ratio, 1)
    return out


@pytest.mark.parametrize(
    ("name", "colours"),
    [("dark", TRUE_COLOUR), ("light", 256), ("mono", 256), ("dark", 16), ("light", 16)],
)
async def test_palette_fields_and_toasts_can_be_read(name: str, colours: Colours) -> None:
    system = SYSTEMS[colours]
    app = LoadtuiApp(ScriptedLink(snapshot("steady")), Setup(theme=name, colours=colours))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        for keys in (("a",), ("question_mark", "slash"), ("question_mark", "slash", "s")):
            await pilot.press(*keys)
            await pilot.pause()
            assert faint_in(app, app.screen.query_one("#box").region, system) == {}
            await pilot.press("escape")
        await pilot.press("ctrl+p", "s", "down")
        await until(pilot, lambda: app.screen.query_one("CommandList").region.height > 4)
        results = app.screen.query_one("CommandList").region
        assert faint_in(app, results, system) == {}
        await pilot.press("escape", "escape")
        await pilot.press("colon", "q")
        for severity in ("information", "warning", "error"):
            app.notify("said", title="what", severity=severity)
        await pilot.pause()
        await pilot.pause()
        assert faint_in(app, app.screen.region, system) == {}
