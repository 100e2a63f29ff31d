from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.tui.draw.axis import axis_text
from loadtui.tui.draw.zoom import ZOOMS, note, seconds_of, zoomed


@given(st.floats(0, 1e6))
def test_all_reaches_back_to_the_beginning_and_not_much_further(now: float) -> None:
    span = seconds_of("all", now)
    assert now <= span <= max(120.0, 2.5 * now)


def test_a_growing_session_changes_its_axis_a_few_times_only() -> None:
    spans = [seconds_of("all", float(now)) for now in range(8 * 3600)]
    assert spans == sorted(spans)
    assert len(set(spans)) <= 9


def test_zoom_stops_at_both_ends() -> None:
    assert zoomed("30s", -1) == "30s"
    assert zoomed("all", 1) == "all"
    assert [zoomed(zoom, 1) for zoom in ZOOMS[:-1]] == list(ZOOMS[1:])


@given(st.sampled_from((30.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 28800.0, 86400.0)))
def test_the_axis_is_written_in_a_unit_that_fits(span: float) -> None:
    text = axis_text(9, 60, 10, span).split()
    assert text[-1] == "now"
    assert text[1] in {"s", "min", "h"}
    assert len(text) >= 4


def test_the_note_fits_beside_a_chart() -> None:
    for zoom in ZOOMS:
        assert len(note(zoom, "log", "")) <= 9
        assert len(note(zoom, "log", "c 1/3")) <= 9
