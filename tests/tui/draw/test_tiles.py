from __future__ import annotations

import msgspec

from loadtui.model.generator import Generator
from loadtui.model.snapshot import SpikeStatus, Stats
from loadtui.tui.draw.tiles import NAMES, tiles
from tests.tui.states import snapshot
from tests.tui.story import steady


def named(state: str, name: str, **changes: object) -> object:
    what = msgspec.structs.replace(snapshot(state), **changes)
    return tiles(what)[NAMES.index(name)]


def test_active_and_target_are_told_apart() -> None:
    vus = tiles(steady().snapshot(active=70, target=120))[0]
    assert (vus.value, vus.unit) == ("70", "/ 120")
    assert vus.notes[0] == "target 120 · step 10"


def test_a_spike_says_when_it_returns_and_to_what() -> None:
    vus = tiles(steady().snapshot(spike=SpikeStatus(120, 7.6)))[0]
    assert vus.notes[0] == "spike, back to 120 in 8 s"


def test_paused_and_draining_are_said() -> None:
    assert tiles(steady().snapshot(phase="paused"))[0].notes[-1] == "paused"
    assert "12 finishing" in tiles(steady().snapshot(draining=12))[0].notes[0]


def test_the_tile_says_whether_the_plan_drives_or_a_hand() -> None:
    plan = steady().snapshot(driver="plan", plan="stage 2 of 5 → 50 VUs, 1m left")
    assert tiles(plan)[0].notes[0] == "plan: stage 2 of 5 → 50 VUs, 1m left"
    over = steady().snapshot(driver="hand over plan", target=70)
    notes = tiles(over)[0].notes
    assert notes[0] == "target 70 · hand over plan, h hands back"
    assert notes.index("→ 70 · hand over plan") < notes.index("hand over plan")


def test_a_rate_is_the_target_where_a_rate_is_driven() -> None:
    vus = tiles(steady().snapshot(active=7, target=0, target_rate=120, by_rate=True))[0]
    assert (vus.value, vus.unit) == ("7", "· 120/s")
    assert vus.notes[0] == "target 120/s · step 10"


def test_without_requests_there_is_no_rate() -> None:
    idle = tiles(snapshot("idle"))
    assert [tile.value for tile in idle[1:4]] == ["–", "–", "–"]
    assert [tile.state for tile in idle[1:4]] == ["", "", ""]


def test_p95_is_judged_by_the_slo() -> None:
    states = [
        tiles(steady().snapshot(now=Stats(requests=1, p95=p95)))[2].state
        for p95 in (200.0, 450.0, 501.0)
    ]
    assert states == ["good", "warn", "bad"]
    assert tiles(snapshot("fault"))[2].notes[0].endswith("× the SLO of 500 ms")
    assert tiles(steady().snapshot(slo=None))[2].state == ""


def test_errors_name_their_most_frequent_reasons() -> None:
    errors = tiles(snapshot("fault"))[3]
    assert errors.state == "bad"
    assert errors.notes[0].startswith("503 ")
    assert " · timeout " in errors.notes[0]
    assert tiles(snapshot("steady"))[3].notes == ("limit 1 %",)


def test_reasons_from_outside_are_text() -> None:
    told = tiles(steady().snapshot(now=Stats(1, failed=0.5), errors_now={"a\x1b[0m": 4.0}))[3]
    assert "\x1b" not in "".join(told.notes)


def test_a_generator_that_is_too_busy_says_what_is_measured() -> None:
    busy = Generator(cpu=0.99, lag=0.3, workers=2, wanted=2, state="measuring the generator")
    told = tiles(steady().snapshot(generator=busy))[4]
    assert told.state == "bad"
    assert told.notes[0] == "you are measuring the generator"
    lost = Generator(cpu=0.4, lag=0.0, workers=1, wanted=2, state="lost")
    assert tiles(steady().snapshot(generator=lost))[4].notes[0] == "1 of 2 workers left"
    coming = msgspec.structs.replace(lost, coming=1)
    told = tiles(steady().snapshot(generator=coming))[4]
    assert told.notes[0] == "1 of 2 workers left · replacing"
    silent = msgspec.structs.replace(lost, silent=1)
    assert tiles(steady().snapshot(generator=silent))[4].notes[0] == "1 worker does not answer"


def test_a_limit_of_requests_stands_beside_their_rate() -> None:
    limited = msgspec.structs.replace(snapshot("steady"), rps=200)
    (tile,) = (each for each in tiles(limited) if each.titles[0] == "requests")
    assert tile.notes[0].endswith("in all · limit 200/s")
    assert tile.notes[-1] == "≤ 200/s"
