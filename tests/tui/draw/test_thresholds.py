from __future__ import annotations

import msgspec
import pytest

from loadtui.model.snapshot import Snapshot
from loadtui.model.verdict import ThresholdStatus
from loadtui.tui.draw.cells import row_width, words_of
from loadtui.tui.draw.thresholds import thresholds
from tests.tui.states import snapshot


def drawn(what: Snapshot, cells: int = 160) -> str:
    return words_of(thresholds(what, cells)).replace("\u00a0", " ")


def only(*found: ThresholdStatus) -> Snapshot:
    return msgspec.structs.replace(snapshot("steady"), thresholds=found)


def test_each_says_what_it_is_now() -> None:
    text = drawn(snapshot("fault"))
    assert "✗ p(95)<500  2 " in text
    assert "✓ checks rate>0.99  99.8 %" in text
    assert "○ p(95)<500  –" in drawn(snapshot("idle"))


def test_one_that_failed_over_the_run_keeps_saying_so() -> None:
    later = ThresholdStatus("p(95)<500", 218.0, True, 1240.0, False, "ms")
    assert "✓ p(95)<500  218 ms run ✗ 1 240 ms" in drawn(only(later))


def test_a_count_has_no_now_and_is_judged_over_the_run() -> None:
    count = ThresholdStatus("http_reqs count>10", None, None, 4.0, False)
    assert drawn(only(count)).rstrip().endswith("http_reqs count>10  4.0 ✗")


def test_broken_ones_come_first_where_not_all_fit_and_the_rest_is_counted() -> None:
    good = ThresholdStatus("p(99)<900", 1.0, True, 1.0, True, "ms")
    bad = ThresholdStatus("p(95)<500", 900.0, False, 900.0, False, "ms")
    text = drawn(only(good, good, good, bad), 50)
    assert text.index("✗") < text.index("✓")
    assert text.rstrip().endswith("+2")


def test_without_any_it_says_so() -> None:
    assert drawn(only()).strip() == "no thresholds set"


@pytest.mark.parametrize("cells", range(0, 200, 7))
def test_the_strip_never_outgrows_its_line(cells: int) -> None:
    assert row_width(thresholds(snapshot("fault"), cells)) <= max(cells, 4)
