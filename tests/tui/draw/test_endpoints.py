from __future__ import annotations

import msgspec
import pytest

from loadtui.model.snapshot import Endpoint, Snapshot, Stats
from loadtui.tui.draw.cells import row_width
from loadtui.tui.draw.endpoints import Table, endpoints, first_shown
from tests.tui.states import snapshot
from tests.tui.text import hues, lines


def drawn(what: Snapshot, cells: int = 100, height: int = 6, offset: int = 0) -> list[str]:
    rows = endpoints(what, Table(start=offset), cells, height)
    return [line.replace("\u00a0", " ") for line in lines(rows)]


def many(count: int) -> Snapshot:
    table = tuple(
        Endpoint(f"route_{i}", "GET", Stats(10, 1.0, 5, 9, 12, 0.0)) for i in range(count)
    )
    return msgspec.structs.replace(snapshot("steady"), endpoints=table)


def test_every_endpoint_has_its_numbers_and_its_last_minute() -> None:
    text = drawn(snapshot("fault"))
    assert text[1].split() == ["req/s", "p50", "p95", "p99", "err", "%"]
    assert text[2].startswith(" POST   create_order")
    assert any(bar in text[2] for bar in "▃▄▅▆▇█")


def test_above_its_limit_an_endpoint_is_red() -> None:
    rows = endpoints(snapshot("fault"), Table(), 100, 6)
    assert "bad" in {hand.fg for _, hand in rows[2]}
    assert hues(rows[3:4], "▂") == {"p99"}


def test_small_pictures_share_one_scale() -> None:
    slow = Endpoint("slow", "GET", Stats(1, 1.0, p95=900), (900.0,) * 60)
    fast = Endpoint("fast", "GET", Stats(1, 1.0, p95=9), (9.0,) * 60)
    what = msgspec.structs.replace(snapshot("steady"), endpoints=(slow, fast))
    text = drawn(what)
    assert "█" in text[2]
    assert "▁" in text[3]


def test_without_requests_there_are_no_numbers() -> None:
    assert drawn(snapshot("idle"))[2].split() == ["POST", "create_order", "–", "–", "–", "–", "–"]


def test_what_does_not_fit_is_counted_and_can_be_scrolled_to() -> None:
    assert drawn(many(9))[-1].strip() == "↓ 6 more"
    assert "route_8" in drawn(many(9), offset=99)[-1]


def test_a_narrow_table_keeps_rate_p95_and_errors() -> None:
    text = drawn(snapshot("fault"), cells=42)
    assert text[1].split() == ["req/s", "p95", "err", "%"]


@pytest.mark.parametrize("cells", [0, 3, 20, 42, 61, 62, 100, 160])
@pytest.mark.parametrize("height", [0, 1, 2, 3, 8])
def test_no_size_breaks_it(cells: int, height: int) -> None:
    rows = endpoints(
        many(5), Table(tabs="v  timeline", focused=True, chosen="route_1"), cells, height
    )
    assert all(row_width(row) <= max(cells, 42) for row in rows)


def test_names_from_outside_are_text() -> None:
    odd = Endpoint("[b]\x1b[2J订单", "G\nT", Stats(1, 1.0))
    text = drawn(msgspec.structs.replace(snapshot("steady"), endpoints=(odd,)))
    assert "[b]·[2J订单" in text[2]
    assert "G·T" in text[2]


def test_the_chosen_row_and_the_only_one_have_a_sign() -> None:
    look = Table(chosen="route_1", only="route_2", focused=True)
    text = lines(endpoints(many(4), look, 100, 8))
    assert [line[0] for line in text[2:]] == [" ", "▸", "●", " "]
    assert "enter: only this one" in text[0]
    calm = lines(endpoints(many(4), msgspec.structs.replace(look, focused=False), 100, 8))
    assert [line[0] for line in calm[2:]] == [" ", " ", "●", " "]


@pytest.mark.parametrize("chosen", [0, 3, 7, 8])
def test_the_chosen_row_is_always_seen(chosen: int) -> None:
    for before in range(9):
        start = first_shown(before, chosen, 9, 6)
        look = Table(start=start, chosen=f"route_{chosen}", focused=True)
        assert f"route_{chosen}" in "".join(lines(endpoints(many(9), look, 100, 6)))
