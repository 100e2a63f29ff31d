from __future__ import annotations

import msgspec
import pytest
from textual.widgets import Input

from loadtui.model.command import (
    AddNote,
    DeleteProxy,
    KeepLeftovers,
    LiftLeftovers,
    Quit,
    SetTarget,
    Toggle,
)
from loadtui.tui.application import LoadtuiApp
from tests.tui.scripted import ScriptedLink
from tests.tui.states import NAMES, snapshot
from tests.tui.text import seen, until

SIZES = [(160, 50), (120, 36), (100, 30), (80, 24), (60, 16), (50, 12), (20, 5), (1, 1)]


def lines(app: LoadtuiApp) -> list[str]:
    return seen(app).replace("\u00a0", " ").splitlines()


@pytest.mark.parametrize("size", SIZES)
async def test_every_state_fits_every_size(size: tuple[int, int]) -> None:
    link = ScriptedLink(snapshot("idle"))
    app = LoadtuiApp(link)
    async with app.run_test(size=size) as pilot:
        for state in NAMES:
            link.show(snapshot(state))
            await pilot.pause()
            text = lines(app)
            assert len(text) == size[1]
            if size[0] >= 20:
                assert "PANIC" in "\n".join(text)


async def test_a_storm_of_sizes_ends_in_the_same_picture() -> None:
    link = ScriptedLink(snapshot("fault"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(160, 50)) as pilot:
        await until(pilot, lambda: "before / during / after" in seen(app))
        before = seen(app)
        for size in [*SIZES, *reversed(SIZES)]:
            await pilot.resize_terminal(*size)
        await until(pilot, lambda: seen(app) == before)
        assert seen(app) == before


async def test_resized_under_a_dialog_the_screen_is_right_when_the_dialog_is_gone() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("fault")))
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.press("question_mark")
        await pilot.resize_terminal(80, 24)
        await pilot.press("escape")
        await pilot.pause()
        await pilot.pause()
        assert "c 1/3" in seen(app)


async def test_a_frozen_display_holds_numbers_but_never_safety() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("z")
        link.change(target=777, active=777)
        await pilot.pause()
        assert "777" not in seen(app)
        link.show(snapshot("fault"))
        await pilot.pause()
        assert "▲ FAULT ON" in seen(app)
        assert "━● latency" in seen(app)
        link.show(snapshot("panic"))
        await pilot.pause()
        assert "PANIC LATCHED" in seen(app)
        await pilot.press("z")
        await pilot.pause()
        assert "FROZEN" not in seen(app)


async def test_quitting_asks_only_while_something_runs() -> None:
    link = ScriptedLink(snapshot("fault"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert "Quit? The load stops. 1 fault lifted first." in seen(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "Quit?" not in seen(app)
        assert link.sent == []
        await pilot.press("q", "y")
        assert link.sent == [Quit()]


async def test_leftovers_are_offered_for_lifting() -> None:
    for pressed, command in (("y", LiftLeftovers()), ("escape", KeepLeftovers())):
        link = ScriptedLink(snapshot("leftovers"))
        app = LoadtuiApp(link)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            assert "payments/latency" in seen(app)
            await pilot.press(pressed)
            assert link.sent == [command]


async def test_a_target_is_typed_judged_and_sent() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("colon", *"5000", "enter")
        await pilot.pause()
        assert "✗ at most 1 000 (max_vus)" in seen(app).replace("\u00a0", " ")
        assert link.sent == []
        await pilot.press("backspace", "enter")
        assert link.sent == [SetTarget(500)]
        await pilot.press("space")
        assert link.sent[-1] == Toggle("payments", "latency"), "the keys are keys again"


async def test_a_note_may_contain_every_key_and_escape_takes_it_back() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("n", *"xq+", "space", "[", "enter")
        assert link.sent == [AddNote("xq+ [")]
        await pilot.press("n", "h", "escape")
        await pilot.pause()
        assert len(link.sent) == 1
        assert not app.screen.query_one("#prompt").display


async def test_the_chosen_fault_is_remembered_by_name() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("down", "down", "down")
        chaos = snapshot("steady").chaos
        link.change(chaos=msgspec.structs.replace(chaos, proxies=chaos.proxies[1:]))
        await pilot.pause()
        await pilot.press("space")
        assert link.sent == [Toggle("orders-db", "latency")]
        link.change(chaos=msgspec.structs.replace(chaos, proxies=chaos.proxies[:1]))
        await pilot.pause()
        await pilot.press("space")
        assert link.sent[-1] == Toggle("payments", "latency")


async def test_without_proxies_the_keys_of_faults_do_nothing() -> None:
    link = ScriptedLink(snapshot("none"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("space", "left", "right", "up", "down", "enter", "a")
        await pilot.pause()
        assert link.sent == []
        assert "A proxy needs a Toxiproxy that answers" in seen(app)


async def test_a_click_chooses_and_a_click_on_the_switch_switches() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.click("#chaos", offset=(20, 3))
        await pilot.pause()
        assert "▌ ○─ timeout" in seen(app)
        assert link.sent == []
        await pilot.click("#chaos", offset=(2, 4))
        assert link.sent == [Toggle("payments", "down")]
        await pilot.click("#chaos", offset=(20, 4))
        assert link.sent == [Toggle("payments", "down")] * 2, "the chosen one, clicked again"


async def test_a_click_on_a_key_is_a_press() -> None:
    from loadtui.model.command import Step

    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        await pilot.click("#footer", offset=(1, 0))
        await pilot.click("#footer", offset=(3, 0))
        assert link.sent == [Step(1), Step(-1)]


async def test_one_chart_and_one_pane_at_a_time_where_space_is_short() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("after")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        assert "400 VUs" in seen(app).replace("\u00a0", " ")
        await pilot.press("c")
        await pilot.pause()
        assert "60 %" in seen(app)
        for words in ("holds again at", "before / during / after", "create_order", "orders-db"):
            await pilot.press("v")
            await pilot.pause()
            assert words in seen(app), words


async def test_deleting_a_proxy_asks_first() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        offered = {each.title: each.callback for each in app.get_system_commands(app.screen)}
        offered["Delete the proxy payments"]()
        await pilot.pause()
        assert "Delete the proxy payments? What connects through it is cut off." in seen(app)
        await pilot.press("y")
        assert link.sent == [DeleteProxy("payments")]


async def test_hostile_names_are_text_everywhere() -> None:
    odd = "[/][red]{'a[0]'}\x1b[2J\n"
    what = snapshot("fault")
    proxies = tuple(msgspec.structs.replace(p, name=f"{odd}{p.name}") for p in what.chaos.proxies)
    markers = tuple(
        msgspec.structs.replace(m, what=odd, short=odd, detail=odd) for m in what.markers
    )
    link = ScriptedLink(
        msgspec.structs.replace(
            what,
            name=odd,
            target_url=odd,
            markers=markers,
            question=odd,
            caption=odd,
            news=odd,
            news_number=4,
            chaos=msgspec.structs.replace(what.chaos, proxies=proxies, server=odd, message=odd),
            errors_now={odd: 9.0},
        )
    )
    for size in ((160, 50), (80, 24)):
        app = LoadtuiApp(link)
        async with app.run_test(size=size) as pilot:
            await pilot.press("a")
            await pilot.pause()
            assert "\x1b" not in seen(app)
            await pilot.press("escape", "enter")
            await pilot.pause()
            assert "[/][red]{'a[0]'}·[2J·payments" in seen(app)
            await pilot.press("escape", "ctrl+p", "d")
            await pilot.pause()
            assert isinstance(app.focused, Input)
