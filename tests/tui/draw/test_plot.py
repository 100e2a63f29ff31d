from __future__ import annotations

from loadtui.tui.draw.plot import Plot


def braille(plot: Plot) -> list[str]:
    return ["".join(chr(0x2800 + bits) for bits in row) for row in plot.bits]


def test_a_line_holds_its_value_and_steps_to_the_next() -> None:
    plot = Plot(2, 1)
    plot.line([(0, 3, False), (2, 0, True), (3, 0, True)], lambda _: "p95", thick=False)
    assert braille(plot) == ["⣀⡏"]


def test_a_gap_stays_empty() -> None:
    plot = Plot(3, 1)
    plot.line([(0, 0, False), (5, 0, False)], lambda _: "p95", thick=False)
    assert braille(plot) == ["⠁\u2800⠈"]


def test_a_thick_line_is_two_dots_high() -> None:
    plot = Plot(1, 1)
    plot.line([(0, 1, False)], lambda _: "p95", thick=True)
    assert braille(plot) == ["⠆"]


def test_an_area_fills_whole_cells_and_ends_in_a_partial_block() -> None:
    plot = Plot(1, 2)
    plot.area([(0, 0.75, False)], lambda v: v, lambda _: "rate")
    assert plot.fills(1)[0][0] == "rate"
    assert plot.fills(0)[0][1:] == ("▄", "rate")


def test_nothing_is_no_area() -> None:
    plot = Plot(2, 2)
    plot.area([(0, 0.0, False), (1, 0.0, True)], lambda v: v, lambda _: "rate")
    assert plot.fills(1) == []


def test_a_later_area_lies_in_front() -> None:
    plot = Plot(1, 2)
    plot.area([(0, 1.0, False)], lambda v: v, lambda _: "bad-deep")
    plot.area([(0, 0.25, False)], lambda v: v, lambda _: "bad")
    assert plot.fills(1) == [("bad-deep", "▄", "bad")]
