from __future__ import annotations

import msgspec

from loadtui.tui.draw import charts
from tests.tui.states import snapshot
from tests.tui.text import page


def test_the_first_steps_name_the_step_and_the_chosen_fault() -> None:
    idle = snapshot("idle")
    proxy = idle.chaos.proxies[0]
    text = page(charts.hint("latency", idle, (proxy, proxy.slots[0]))).replace("\u00a0", " ")
    assert "add 10 virtual users" in text
    assert "break payments: latency 2 000 ms ±100" in text
    assert "watch the guided tour" in text


def test_without_a_server_no_fault_is_promised() -> None:
    idle = msgspec.structs.replace(snapshot("idle"), chaos=snapshot("none").chaos, has_tour=False)
    text = page(charts.hint("latency", idle, None))
    assert "break" not in text
    assert "tour" not in text


def test_while_starting_every_part_says_how_far_it_is() -> None:
    text = page(charts.hint("latency", snapshot("starting")))
    assert "orders" in text
    assert "starting… waits for the database" in text


def test_while_setup_runs_the_charts_say_so() -> None:
    shot = msgspec.structs.replace(snapshot("idle"), phase="setup")
    assert "setup runs, before the first virtual user begins" in page(charts.hint("latency", shot))
    assert "no load yet" in page(charts.hint("load", shot))


def test_without_a_slo_no_limit_is_drawn() -> None:
    bare = msgspec.structs.replace(snapshot("steady"), slo=None)
    assert charts.limit("latency", bare) is None
    assert charts.limit("latency", snapshot("steady")) == (500.0, "SLO 500")
    assert charts.limit("load", snapshot("steady")) is None
