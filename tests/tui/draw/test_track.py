from __future__ import annotations

from loadtui.model.marker import Marker, MarkerKind
from loadtui.tui.draw.axis import axis
from loadtui.tui.draw.cells import pen, words_of
from loadtui.tui.draw.track import spans, strip

NOW = 120.0


def mark(number: int, at: float, kind: MarkerKind = "act", **fields: object) -> Marker:
    words = {"what": "VUs up", "short": "120 VUs"} | fields
    return Marker(number=number, at=at, kind=kind, **words)  # type: ignore[arg-type]


def drawn(*markers: Marker, cells: int = 60, names: bool = True) -> str:
    on_axis = spans(markers, axis(NOW, cells), NOW)
    return words_of(strip(on_axis, cells, pen("line"), names=names))


def test_an_act_stands_at_its_moment_with_its_words() -> None:
    text = drawn(mark(1, 60))
    assert text.index("① 120 VUs ─") in {29, 30}
    assert len(text) == 60


def test_a_fault_is_a_bar_as_long_as_it_lasts() -> None:
    fault = mark(3, 60, "fault", short="latency payments", ended=80.0)
    text = drawn(fault, names=False)
    assert text.count("━") + 2 == round(20 / 120 * 60) + 1
    assert "┫" in text


def test_a_fault_that_is_on_reaches_now() -> None:
    text = drawn(mark(3, 90, "fault", short="latency payments", open=True))
    assert text.endswith("━")
    assert "┫" not in text


def test_a_bar_too_short_for_its_name_has_it_behind() -> None:
    fault = mark(3, 30, "fault", short="latency payments", ended=40.0, tail="not recovered")
    assert "┫ latency payments not recovered ─" in drawn(fault)


def test_names_never_cover_the_next_marker() -> None:
    text = drawn(mark(1, 60), mark(2, 64, short="spike ×3"))
    assert "①" in text
    assert "②" in text


def test_a_marker_that_left_the_axis_is_gone_but_a_fault_that_still_lasts_stays() -> None:
    old = mark(1, 0.0)
    lasting = mark(2, 1.0, "fault", short="down", open=True)
    on_axis = spans((old, lasting), axis(300.0, 60), 300.0)
    assert [span.marker.number for span in on_axis] == [2]


def test_thresholds_are_not_on_the_strip() -> None:
    assert drawn(mark(4, 60, "bad", chart="latency")) == "─" * 60


def test_a_lost_worker_is_on_the_strip() -> None:
    assert "② worker 0 lost" in drawn(mark(2, 60, "loss", what="worker 0 lost", short=""))


def test_wide_characters_do_not_bend_the_time_axis() -> None:
    text = drawn(mark(1, 60, short="订单"))
    assert len(text) == 60
    assert "·" in text
