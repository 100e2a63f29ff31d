"""Zoom, cursor, one endpoint, heat-map and freezing, by key and by mouse."""

from __future__ import annotations

import msgspec
from textual.geometry import Offset

from loadtui.model.command import Watch
from loadtui.model.history import History
from loadtui.model.snapshot import Snapshot
from loadtui.tui.application import LoadtuiApp
from loadtui.tui.only import only
from loadtui.tui.palette import palette
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import seen


def watched(name: str) -> Snapshot:
    """The session's answer to `Watch`: every tenth request is of that name."""
    what = snapshot("steady")
    points = tuple(
        msgspec.structs.replace(p, rate=None if p.rate is None else p.rate / 10, p95=77.0)
        for p in what.history.points
    )
    history = History(name=name, points=points, total=1234, failed=5)
    return msgspec.structs.replace(what, history=history)


def test_one_endpoint_takes_the_place_of_all() -> None:
    shown = only(watched("get_order"), "get_order")
    endpoint = next(e for e in shown.endpoints if e.name == "get_order")
    assert shown.now == endpoint.now
    assert shown.total.requests == 1234
    assert {p.p95 for p in shown.points} == {77.0}
    assert shown.points[-1].at - shown.points[0].at < 120


def test_until_its_history_comes_there_is_none() -> None:
    shown = only(snapshot("steady"), "get_order")
    assert (shown.points, shown.history.points) == ((), ())


def test_all_of_them_are_what_they_were() -> None:
    assert only(snapshot("steady"), "") is snapshot("steady")


async def test_enter_in_the_table_shows_one_endpoint_and_escape_all_again() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(160, 50)) as pilot:
        app.screen.query_one("#endpoints").focus()
        await pilot.press("down", "enter")
        assert link.sent == [Watch("get_order")]
        link.show(watched("get_order"))
        await pilot.pause()
        assert "only get_order" in seen(app)
        assert "1 234 in all" in seen(app).replace("\u00a0", " ")
        assert "p95 77" in seen(app)
        assert "all requests" not in seen(app)
        await pilot.press("escape")
        assert link.sent[-1] == Watch("")
        await pilot.pause()
        assert "only get_order" not in seen(app)


async def test_a_click_on_an_endpoint_does_the_same() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.click("#endpoints", offset=Offset(12, 3))
        assert link.sent == [Watch("get_order")]
        await pilot.click("#endpoints", offset=Offset(12, 3))
        assert link.sent[-1] == Watch("")


async def test_a_click_in_a_chart_reads_that_second_in_all_of_them() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("after")))
    async with app.run_test(size=(160, 50)) as pilot:
        before = seen(app)
        await pilot.click("#load", offset=Offset(50, 3))
        await pilot.pause()
        assert " · −" in seen(app)
        assert seen(app).count(" /s") == before.count(" /s") + 1
        await pilot.press("escape")
        await pilot.pause()
        assert " · −" not in seen(app)


async def test_zoom_goes_from_half_a_minute_to_everything() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("steady")))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("o", "o")
        await pilot.pause()
        assert "all log" in seen(app)
        await pilot.press("i", "i", "i", "i")
        await pilot.pause()
        assert "30s log" in seen(app)


async def test_frozen_it_says_for_how_long_and_catches_up() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.press("z")
        link.show(snapshot("after"))
        await pilot.pause()
        behind = snapshot("after").at - snapshot("steady").at
        assert f"FROZEN −{behind:.0f} s" in seen(app)
        assert "110 662 in all" not in seen(app).replace("\u00a0", " ")
        await pilot.press("z")
        await pilot.pause()
        assert "FROZEN" not in seen(app)
        assert "110 662 in all" in seen(app).replace("\u00a0", " ")


async def test_what_is_of_all_requests_in_any_case_says_so() -> None:
    link = ScriptedLink(snapshot("after"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.press("f")
        await pilot.pause()
        assert "latency payments · all requests" in seen(app)


async def test_the_palette_offers_every_endpoint_alone_and_all_again() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("steady")))
    async with app.run_test(size=(120, 40)) as pilot:
        main = app.main
        assert main is not None
        offered = [each.title for each in palette(main, app)]
        assert "Show only get_order" in offered
        assert "Show every endpoint" not in offered
        await pilot.press("f")
        assert "Show every endpoint" in [each.title for each in palette(main, app)]
