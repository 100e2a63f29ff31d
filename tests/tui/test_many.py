"""A system with ten thousand endpoints: what cannot be seen costs next to nothing."""

from __future__ import annotations

import time
from statistics import median

import msgspec

from loadtui.tui.application import LoadtuiApp
from loadtui.tui.widgets.endpoints import EndpointsPane
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import seen, until

MOST = 0.1
"""Seconds of CPU for one frame, at four frames a second less than half a core."""


async def test_a_frame_of_ten_thousand_endpoints_is_cheap_and_the_last_can_be_reached() -> None:
    what = snapshot("steady")
    names = [f"GET /shops/{number}/{'名前' * 60}" for number in range(10_000)]
    first = what.endpoints[0]
    many = tuple(msgspec.structs.replace(first, name=name) for name in names)
    link = ScriptedLink(msgspec.structs.replace(what, endpoints=many))
    app = LoadtuiApp(link)
    async with app.run_test(size=(160, 50)) as pilot:
        await until(pilot, lambda: "/shops/0/" in seen(app))
        main, costs = app.main, []
        assert main is not None
        for number in range(9):
            shown = msgspec.structs.replace(link.latest(), at=what.at + number)
            before = time.process_time()
            main.take(shown)
            await pilot.pause(0)
            costs.append(time.process_time() - before)
        assert median(costs) < MOST, costs
        app.query(EndpointsPane).first().move(20_000)
        await until(pilot, lambda: "/shops/9999/" in seen(app))
        assert max(map(len, seen(app).splitlines())) <= 160
