from __future__ import annotations

import pytest

from loadtui.model.marker import Marker
from loadtui.tui.draw.cells import row_width
from loadtui.tui.draw.timeline import timeline
from tests.tui.states import snapshot
from tests.tui.text import hues, lines


def drawn(state: str = "after", cells: int = 62, height: int = 20, chosen: int = 0) -> list[str]:
    rows, _ = timeline(snapshot(state).markers, "", chosen, cells, height, focused=False)
    return [line.replace("\u00a0", " ") for line in lines(rows)]


def test_the_newest_marker_comes_first_and_outcomes_stand_below_their_fault() -> None:
    text = drawn()
    assert text[0].endswith("7 markers")
    assert text[1].startswith(" 01:23 ⑦ ✓ http_req_failed rate<0.01  holds again at")
    fault = next(i for i, line in enumerate(text) if "▲ latency payments" in line)
    assert text[fault + 1].startswith("    ╰ p95 2")
    assert text[fault + 2].strip() == "back in its baseline band after 7 s"


def test_outcome_and_news_share_a_line_where_there_is_room() -> None:
    line = next(line for line in drawn(cells=90) if "╰" in line)
    assert line.endswith(" ms · back in its baseline band after 7 s")


def test_a_fault_that_is_on_says_so() -> None:
    assert drawn("fault")[3].endswith("● on")


def test_the_chosen_marker_is_always_to_be_seen() -> None:
    assert "① " not in "".join(drawn(height=3))
    assert "①" in drawn(height=3, chosen=1)[-1]
    assert drawn(chosen=7) == drawn()


def test_the_chosen_marker_stands_out_while_the_pane_has_the_focus() -> None:
    markers = snapshot("after").markers
    focused, places = timeline(markers, "", 7, 62, 20, focused=True)
    assert {hand.bg for _, hand in focused[1]} == {"raise"}
    assert {hand.bg for _, hand in focused[2]} == {None}
    assert (places[1], places[2]) == (7, 6)
    rows, _ = timeline(markers, "", 7, 62, 20, focused=False)
    assert {hand.bg for _, hand in rows[1]} == {None}


def test_before_anything_happened_words_stand_there() -> None:
    assert "every act, fault and outcome lands here" in drawn("idle")[1]


@pytest.mark.parametrize("cells", [0, 1, 7, 15, 30, 42])
@pytest.mark.parametrize("height", [0, 1, 2, 9])
def test_no_size_breaks_it(cells: int, height: int) -> None:
    markers = snapshot("after").markers
    rows, _ = timeline(markers, "v  comparison", 3, cells, height, focused=True)
    assert all(row_width(row) <= max(cells, 20) for row in rows)


def test_notes_from_outside_are_text() -> None:
    note = Marker(number=1, at=3, kind="note", what="[link]x\x1b]8;;http://e\x07", detail="\n")
    rows, _ = timeline((note,), "", 0, 80, 3, focused=False)
    assert "[link]x·]8;;http://e·" in lines(rows)[1]
    assert hues(rows, "•") == {"ink"}
