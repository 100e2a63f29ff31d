"""Markers are numbered, merged while a key is held, and closed."""

from __future__ import annotations

from loadtui.session.effect import Mark
from loadtui.session.timeline import Timeline


def step(old: int, new: int) -> Mark:
    return Mark(
        kind="act", what="VUs up", detail=f"{old} → {new}", short=f"{new} VUs", vus=(old, new)
    )


def test_presses_within_three_seconds_are_one_marker() -> None:
    line = Timeline().add(step(0, 5), 1.0).add(step(5, 10), 2.0).add(step(10, 15), 3.9)
    assert [(m.number, m.at, m.detail, m.short) for m in line.markers] == [
        (1, 1.0, "0 → 15", "15 VUs")
    ]


def test_a_later_press_is_a_marker_of_its_own() -> None:
    line = Timeline().add(step(0, 5), 1.0).add(step(5, 10), 4.0)
    assert [m.detail for m in line.markers] == ["0 → 5", "5 → 10"]


def test_something_between_two_presses_keeps_them_apart() -> None:
    line = Timeline().add(step(0, 5), 1.0)
    line = line.add(Mark(kind="note", what="hello"), 1.5).add(step(5, 10), 2.0)
    assert [m.what for m in line.markers] == ["VUs up", "hello", "VUs up"]


def test_up_and_down_again_within_the_time_reads_as_the_net_move() -> None:
    line = Timeline().add(step(10, 15), 1.0).add(step(15, 5), 1.5)
    assert [(m.what, m.detail) for m in line.markers] == [("VUs down", "10 → 5")]


def test_a_fault_is_open_until_it_is_closed() -> None:
    line = Timeline().open("fault", "latency payments", "2 000 ms", 5.0)
    assert line.markers[0].open
    line = line.close(1, 9.0)
    assert (line.markers[0].open, line.markers[0].ended) == (False, 9.0)


def test_a_threshold_sits_in_its_metrics_chart() -> None:
    line = Timeline().threshold("p(95)<500", "fails at 542 ms", ok=False, chart="latency", at=3.0)
    assert (line.markers[0].kind, line.markers[0].chart) == ("bad", "latency")


def test_an_unknown_number_changes_nothing() -> None:
    assert Timeline().close(3, 1.0) == Timeline()


def noted() -> Timeline:
    line = Timeline().add(Mark(kind="note", what="bookmark"), 1.0)
    line = line.add(Mark(kind="note", what="baseline", baseline=(0, 30)), 30.0)
    return line.open("fault", "latency payments", "2 000 ms", 40.0)


def test_a_note_is_edited_and_its_chart_words_follow() -> None:
    line = noted().edit(1, "a deploy of the checkout, again")
    assert (line.markers[0].what, line.markers[0].short) == (
        "a deploy of the checkout, again",
        "a deploy of the checkout",
    )


def test_a_removed_note_is_gone_and_the_others_keep_their_numbers() -> None:
    line = noted().edit(1, "")
    assert [marker.number for marker in line.shown] == [2, 3]
    line = line.add(Mark(kind="note", what="later"), 50.0)
    assert [marker.number for marker in line.shown] == [2, 3, 4]


def test_a_removed_baseline_is_no_baseline_and_the_one_before_is_again() -> None:
    line = noted().add(Mark(kind="note", what="baseline", baseline=(30, 60)), 60.0)
    assert line.baseline == (30, 60)
    line = line.edit(4, "")
    assert line.baseline == (0, 30)
    assert line.close(3, 70.0).edit(2, "").baseline is None


def test_what_loadtui_wrote_down_cannot_be_edited() -> None:
    assert noted().edit(3, "nothing happened") == noted()
    assert noted().edit(3, "") == noted()
    assert noted().edit(9, "") == noted()
