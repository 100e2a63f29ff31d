from __future__ import annotations

import time
from statistics import median

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.model.history import Point
from loadtui.model.marker import Marker
from loadtui.tui.draw import charts
from loadtui.tui.draw.cells import row_width
from loadtui.tui.draw.chart import Feed, chart
from loadtui.tui.looks import CHARTS
from tests.tui.states import NAMES, snapshot
from tests.tui.text import hues, lines, page


def feed(state: str = "fault", name: charts.ChartName = "latency", **changes: object) -> Feed:
    what = snapshot(state)
    made = Feed(
        now=what.at,
        points=charts.points(name, what),
        markers=what.markers,
        limit=charts.limit(name, what),
        hint=charts.hint(name, what),
        log=name == "latency",
        names=name == "latency",
    )
    return msgspec.structs.replace(made, **changes)


def drawn(
    state: str = "fault", name: charts.ChartName = "latency", size: tuple[int, int] = (100, 16),
    **changes: object,
) -> list[str]:  # fmt: skip
    rows, _ = chart(
        charts.spec(name, snapshot(state)), feed(state, name, **changes), *size, (None, None)
    )
    return lines(rows)


def test_every_row_is_exactly_as_wide_as_the_pane() -> None:
    for name in CHARTS:
        spec = charts.spec(name, snapshot("fault"))
        rows, _ = chart(spec, feed("fault", name), 90, 12, (None, None))
        assert {row_width(row) for row in rows} == {90}


@given(
    state=st.sampled_from(NAMES),
    name=st.sampled_from(CHARTS),
    width=st.integers(0, 200),
    height=st.integers(0, 40),
)
@settings(max_examples=300)
def test_no_size_and_no_state_breaks_a_chart(
    state: str, name: charts.ChartName, width: int, height: int
) -> None:
    spec = charts.spec(name, snapshot(state))
    rows, _ = chart(spec, feed(state, name), width, height, (None, None))
    assert len(rows) <= max(height, 2)


def test_the_lines_are_named_at_their_right_end_with_their_values() -> None:
    text = "\n".join(drawn("steady"))
    for name in ("p50 8", "p95 2", "p99 3", "SLO 500"):
        assert name in text


def test_p95_turns_red_above_the_slo() -> None:
    spec = charts.spec("latency", snapshot("fault"))
    rows, _ = chart(spec, feed(), 100, 16, (None, None))
    assert hues(rows, "p95 2") == {"bad"}
    calm, _ = chart(spec, feed("steady"), 100, 16, (None, None))
    assert hues(calm, "p95 2") == {"p95"}


def test_a_fault_is_one_band_through_all_charts() -> None:
    bands = []
    for name in CHARTS:
        spec = charts.spec(name, snapshot("fault"))
        rows, _ = chart(spec, feed("fault", name), 100, 10, (None, None))
        cells = [hand.bg for text, hand in rows[1] for _ in text]
        bands.append(cells.index("fault-tint"))
    assert len(set(bands)) == 1


def test_a_threshold_that_changed_stands_where_the_line_crossed_the_limit() -> None:
    text = drawn("after")
    row = next(line for line in text if "╌" in line)
    assert "④" in row
    assert "⑥" in row
    assert not any("⑤" in line for line in text), "errors belong into the chart of errors"
    assert any("⑤" in line for line in drawn("after", "errors"))


def test_a_young_fault_has_its_name_at_now() -> None:
    assert "③ latency payments" in drawn()[1]


def test_without_data_words_stand_there_and_no_scale() -> None:
    text = "\n".join(drawn("idle"))
    assert "Nothing is running. It is in your hands:" in text
    assert "SLO" not in text
    assert "no load yet" in "\n".join(drawn("idle", "load"))


def test_a_gap_is_a_gap() -> None:
    points = tuple(
        Point(at, 5, 10.0, 50.0, 100.0, 200.0) for at in range(1, 121) if not 40 <= at < 80
    )
    text = drawn("steady", points=points, now=120.0, markers=(), limit=None)
    row = next(line for line in text[1:] if "p95" in line)
    inside = row[9:90]
    assert inside[30:45].strip(" ┈─") == ""
    assert inside[:20].strip(" ┈─") != ""


def test_under_six_rows_latency_is_p95_alone() -> None:
    text = "\n".join(drawn("steady", size=(100, 6)))
    assert "p95" in text
    assert "p99" not in text


def test_calm_errors_are_grey_and_say_all() -> None:
    text = "\n".join(drawn("steady", "errors"))
    assert "all 0.3 %" in text
    loud = "\n".join(drawn("fault", "errors"))
    assert "503 3" in loud
    assert "t/o" in loud


def test_no_errors_are_measured_too() -> None:
    points = tuple(Point(at, 5, 10.0, failed=0.0, timeouts=0.0) for at in range(1, 121))
    text = "\n".join(drawn("steady", "errors", points=points))
    assert "all 0.0 %" in text
    assert "nothing measured" not in text


def test_the_cursor_reads_values_at_its_second() -> None:
    now = "\n".join(drawn("fault"))
    then = "\n".join(drawn("fault", cursor=40.0))
    assert "p95 2 " in now.replace("\u00a0", " ")
    assert "p95 2 " not in then.replace("\u00a0", " ")
    assert "−32 s" in then
    assert "│" in then


def test_linear_starts_at_zero() -> None:
    assert any(line.lstrip().startswith("0 ") for line in drawn("steady", log=False))


def test_the_scale_remembers_itself() -> None:
    spec = charts.spec("load", snapshot("steady"))
    _, scales = chart(spec, feed("steady", "load"), 100, 12, (None, None))
    quiet = tuple(Point(at, 300, 1500.0) for at in range(1, 121))
    _, after = chart(spec, feed("steady", "load", points=quiet), 100, 12, scales)
    assert after == scales


def test_names_from_outside_are_text() -> None:
    hostile = Marker(number=1, at=20, kind="act", what="[red]x\x1b[0m", short="[red]x\x1b[0m")
    text = drawn("fault", markers=(hostile,))
    assert "\x1b" not in "".join(text)
    assert "[red]x·" in text[0]


def test_a_chart_of_120_by_12_takes_few_milliseconds() -> None:
    spec, what = charts.spec("latency", snapshot("fault")), feed()
    taken = []
    for _ in range(60):
        start = time.perf_counter()
        chart(spec, what, 120, 12, (None, None))
        taken.append(time.perf_counter() - start)
    # 1.9 ms where it was measured; the bound leaves room for a slow and busy machine.
    assert median(taken) < 0.02


def test_page_of_a_chart() -> None:
    rows, _ = chart(charts.spec("latency", snapshot("fault")), feed(), 60, 8, (None, None))
    assert page(rows).count("\n") == 7


@pytest.mark.parametrize("cells", [30, 40, 60])
def test_first_steps_that_do_not_fit_are_cut_rather_than_left_out(cells: int) -> None:
    what = snapshot("idle")
    proxy = what.chaos.proxies[0]
    words = charts.hint("latency", what, (proxy, proxy.slots[0]))
    feed = Feed(now=what.at, points=what.points, markers=(), hint=words)
    rows, _ = chart(charts.spec("latency", what), feed, cells, 9, (None, None))
    assert "Nothing is" in page(rows)
    assert all(row_width(row) <= cells for row in rows)
