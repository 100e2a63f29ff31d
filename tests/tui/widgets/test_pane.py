from __future__ import annotations

from typing import Any

from textual.app import App, ComposeResult
from textual.geometry import Region

from loadtui.tui.draw.cells import Rows, pen
from loadtui.tui.theme_file import read_themes, theme_dir
from loadtui.tui.themes import theme
from loadtui.tui.widgets.pane import Pane
from tests.tui.text import seen


class Watched(Pane):
    """Remembers which lines it had repainted."""

    repainted: tuple[Region, ...] = ()

    def forget(self) -> None:
        self.repainted = ()

    def refresh(self, *regions: Region, **options: Any) -> Watched:
        self.repainted = (*self.repainted, *regions)
        super().refresh(*regions, **options)
        return self


class Shown(App[None]):
    def on_mount(self) -> None:
        for palette in read_themes(theme_dir()).found.values():
            self.register_theme(theme(palette))
        self.theme = "dark"

    def compose(self) -> ComposeResult:
        yield Watched(id="pane")


def rows(*texts: str) -> Rows:
    return tuple(((text, pen()),) for text in texts)


async def test_only_lines_that_differ_are_painted_again() -> None:
    app = Shown()
    async with app.run_test(size=(20, 5)) as pilot:
        pane = app.query_one(Watched)
        pane.show(lambda _w, _h, _f: rows("one", "two", "three"))
        await pilot.pause()
        pane.forget()
        pane.show(lambda _w, _h, _f: rows("one", "2", "three"))
        assert pane.repainted == (Region(0, 1, 20, 1),)
        await pilot.pause()
        assert [line.rstrip() for line in seen(app).splitlines()[:3]] == ["one", "2", "three"]
        pane.forget()
        pane.show(lambda _w, _h, _f: rows("one"))
        assert [region.y for region in pane.repainted] == [1, 2]


async def test_what_has_the_same_key_is_not_even_drawn() -> None:
    app = Shown()
    async with app.run_test(size=(20, 5)):
        drawn = []

        def draw(cells: int, _height: int, _focused: bool) -> Rows:
            drawn.append(cells)
            return rows("x")

        pane = app.query_one(Watched)
        pane.show(draw, key=("a", 1))
        pane.show(draw, key=("a", 1))
        assert len(drawn) == 1
        pane.show(draw, key=("a", 2))
        assert len(drawn) == 2


async def test_another_size_or_theme_is_another_picture() -> None:
    app = Shown()
    async with app.run_test(size=(20, 5)) as pilot:
        pane = app.query_one(Watched)
        pane.show(lambda cells, _h, _f: rows(f"{cells} cells"), key="same")
        await pilot.resize_terminal(30, 5)
        await pilot.pause()
        assert "30 cells" in seen(app)
        before = pane.pen(pen("ink"))
        app.theme = "light"
        await pilot.pause()
        assert pane.pen(pen("ink")) != before


async def test_rows_wider_than_the_pane_are_cut_and_wide_characters_fit() -> None:
    app = Shown()
    async with app.run_test(size=(5, 2)) as pilot:
        app.query_one(Watched).show(lambda _w, _h, _f: rows("订单服务服务", "abcdefgh"))
        await pilot.pause()
        first, second = seen(app).splitlines()
        assert first.rstrip() == "订单"
        assert second == "abcde"
