from __future__ import annotations

import pytest
from textual.widgets import Input, Static

from loadtui.model.command import Adjust, CreateProxy, Inject
from loadtui.model.toxic import Toxic
from loadtui.tui.application import LoadtuiApp
from loadtui.tui.widgets.number_field import NumberField
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import seen


def words(app: LoadtuiApp) -> str:
    return seen(app).replace("\u00a0", " ")


async def test_enter_injects_what_the_dialog_says() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("a")
        await pilot.pause()
        assert "Each answer from payments will wait 1.9–2.1 s." in words(app)
        assert "toxic add -t latency" in words(app)
        await pilot.press("enter")
        toxic = Toxic("latency", "latency", "downstream", 1.0, {"latency": 2000, "jitter": 100})
        assert link.sent == [Inject("payments", toxic, None)]
        await pilot.pause()
        assert "add a fault ─" not in words(app)


async def test_the_sentence_follows_what_is_typed() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("a", "tab")
        assert isinstance(app.focused, Input)
        app.focused.value = ""
        await pilot.press(*"300")
        await pilot.pause()
        assert "will wait 200–400 ms" in words(app)
        assert "latency=300" in words(app)
        await pilot.press("tab", "tab", "backspace", "backspace", "backspace", *"25")
        await pilot.press("tab", "right", "tab", *"90s")
        await pilot.pause()
        assert "--toxicity 0.25" in words(app)
        assert "--upstream" in words(app)
        await pilot.press("enter")
        toxic = Toxic("latency", "latency", "upstream", 0.25, {"latency": 300, "jitter": 100})
        assert link.sent == [Inject("payments", toxic, 90.0)]


async def test_another_type_has_other_fields() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("a", "right")
        await pilot.pause()
        assert "kB/s" in words(app)
        assert "jitter" not in words(app)
        await pilot.press("left", "left")
        await pilot.pause()
        assert "will refuse every new connection" in words(app)
        assert "share" not in words(app).split("add a fault")[1].split("lifts in")[0]
        await pilot.press("enter")
        assert link.sent == [Inject("payments", Toxic("down", "down"), None)]


async def test_another_proxy() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("a", "shift+tab", "right", "enter")
        sent = link.sent[0]
        assert isinstance(sent, Inject)
        assert sent.proxy == "orders-db"


async def test_what_is_wrong_is_said_and_not_sent() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("a", "tab")
        assert isinstance(app.focused, Input)
        app.focused.value = ""
        await pilot.press("x", "enter")
        await pilot.pause()
        assert "✗ write a whole number" in words(app)
        assert "✗ latency: write a whole number" in words(app)
        assert link.sent == []
        await pilot.press("escape")
        await pilot.pause()
        assert link.sent == []


async def test_arrows_move_a_number_and_a_click_sets_it() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("steady")))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("a", "tab", "up", "up", "down")
        field = app.screen.query_one("#attribute-0", NumberField)
        assert field.text == "2250"
        await pilot.click("#attribute-0 #slider", offset=(0, 0))
        assert field.text == "0"


async def test_an_edited_fault_is_adjusted() -> None:
    link = ScriptedLink(snapshot("fault"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert "toxic update -n latency" in words(app)
        await pilot.press("up", "enter")
        assert link.sent == [
            Adjust("payments", "latency", 1.0, {"latency": 2250, "jitter": 100}, None)
        ]


async def test_down_can_be_edited_too() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("down", "down", "enter", *"30", "enter")
        assert link.sent == [Inject("payments", Toxic("down", "down"), 30.0)]


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (30, 8), (5, 3)])
async def test_the_dialog_can_be_used_at_every_size(size: tuple[int, int]) -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=size) as pilot:
        await pilot.press("a", "tab", "tab", "shift+tab", "enter")
        assert len(link.sent) == 1


async def test_a_proxy_is_created_and_a_url_is_refused_with_its_mend() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        offered = {each.title: each.callback for each in app.get_system_commands(app.screen)}
        offered["Create a proxy"]()
        await pilot.pause()
        for name, text in (("name", "new"), ("listen", "127.0.0.1:21009")):
            app.screen.query_one(f"#{name}", Input).value = text
        upstream = app.screen.query_one("#upstream", Input)
        upstream.focus()
        upstream.value = "http://127.0.0.1:80"
        await pilot.pause()
        said = str(app.screen.query_one("#effect", Static).render())
        assert "is a URL, not an address; write host:port, here 127.0.0.1:80" in said
        await pilot.press("enter")
        assert link.sent == []
        upstream.value = "127.0.0.1:80"
        await pilot.pause()
        assert "127.0.0.1:21009 will lead to 127.0.0.1:80" in words(app)
        await pilot.press("enter")
        assert link.sent == [CreateProxy("new", "127.0.0.1:21009", "127.0.0.1:80")]
