from __future__ import annotations

from pathlib import Path

import msgspec

from loadtui.model.command import LiftAll, Panic, Quit, Step, StopLoad, TogglePause
from loadtui.tui.application import LoadtuiApp
from loadtui.tui.setup import Setup
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import seen, until


async def test_it_ends_when_the_session_has_ended() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("plus")
        assert link.sent == [Step(1)]
        link.change(phase="ended")
        await pilot.pause()
    assert app.return_value == 0


async def test_a_new_snapshot_is_on_the_screen_at_the_next_frame() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        link.change(target=130)
        await pilot.pause()
        assert "120 / 130" in seen(app).replace("\u00a0", " ")


async def test_a_burst_of_snapshots_paints_the_last_one() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        for target in range(200, 300):
            link.change(target=target)
        await pilot.pause()
        assert "120 / 299" in seen(app).replace("\u00a0", " ")


async def test_news_is_told_once() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        link.change(news="worker 2 lost: [/] killed\x1b[2J", news_number=1)
        link.change(at=50.0)
        await pilot.pause()
        await pilot.pause()
        assert len(app._notifications) == 1
        assert "worker 2 lost: [/] killed·[2J" in seen(app)


async def test_news_that_come_thick_and_fast_do_not_hide_the_screen() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link, clock=lambda: 100.0)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        for number in range(1, 60):
            link.change(news=f"refused {number}", news_number=number)
            await pilot.pause(0)
        await until(pilot, lambda: "refused 59" in seen(app))
        assert len(app._notifications) <= 3


async def test_ctrl_c_twice_leaves_and_later_only_stops_again() -> None:
    now = [100.0]
    link = ScriptedLink(snapshot("fault"))
    app = LoadtuiApp(link, clock=lambda: now[0])
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("ctrl+c")
        assert link.sent == [StopLoad(), LiftAll()]
        await pilot.pause()
        assert "Ctrl-C again leaves" in seen(app)
        now[0] = 103.0
        await pilot.press("ctrl+c")
        assert link.sent == [StopLoad(), LiftAll()] * 2
        now[0] = 104.0
        await pilot.press("ctrl+c")
        assert link.sent[-1] == Quit(code=105, hurry=True)


async def test_before_the_process_stops_load_is_paused_and_faults_are_lifted() -> None:
    link = ScriptedLink(snapshot("fault"))
    ticks = iter(range(100))
    app = LoadtuiApp(link, clock=lambda: float(next(ticks)))
    async with app.run_test(size=(120, 40)):
        app.make_safe()
        assert link.sent == [LiftAll(), TogglePause()]


async def test_nothing_on_and_nothing_running_needs_nothing_to_be_safe() -> None:
    link = ScriptedLink(snapshot("idle"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)):
        app.make_safe()
        assert link.sent == []


async def test_panic_works_above_every_dialog_and_x_does_outside_text_fields() -> None:
    for opens, field in (("a", False), ("enter", True), ("question_mark", False), ("n", True)):
        link = ScriptedLink(snapshot("fault"))
        app = LoadtuiApp(link)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.press(opens)
            await pilot.pause()
            await pilot.press("x")
            assert link.sent == ([] if field else [Panic("key")])
            await pilot.press("f9")
            assert link.sent[-1] == Panic("key")
            assert len(link.sent) == (1 if field else 2)


async def test_a_chosen_theme_is_worn_and_an_unknown_one_is_named() -> None:
    async with LoadtuiApp(ScriptedLink(snapshot("idle")), Setup(theme="light")).run_test() as pilot:
        assert pilot.app.theme == "light"
    app = LoadtuiApp(ScriptedLink(snapshot("idle")), Setup(theme="neon"))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        assert app.theme == "dark"
        assert "there is no theme 'neon'" in seen(app)


async def test_what_is_wrong_in_the_keymap_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "keymap.yaml").write_text("sprike: k\n", encoding="utf-8")
    app = LoadtuiApp(ScriptedLink(snapshot("idle")), Setup(home=tmp_path))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        assert "keymap.yaml:1:1: there is no key sprike" in seen(app)


async def test_ascii_terminals_get_ascii() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("fault")), Setup(charset="ascii"))
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        assert seen(app).isascii()


async def test_the_palette_offers_keys_themes_and_proxies() -> None:
    odd = msgspec.structs.replace(snapshot("steady").chaos.proxies[0], name="[red]x")
    chaos = msgspec.structs.replace(snapshot("steady").chaos, proxies=(odd,))
    link = ScriptedLink(msgspec.structs.replace(snapshot("steady"), chaos=chaos))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert "One step more virtual users, or starts per second" in titles
        assert "Theme: light" in titles
        assert "Delete the proxy (red)x" in titles
        assert not any("Release the latch" in title for title in titles), "no panic is latched"
        await pilot.press("ctrl+p", *"light")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.theme == "light"
