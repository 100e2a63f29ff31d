from __future__ import annotations

import msgspec
import pytest

from loadtui.model.snapshot import Comparison, Snapshot, Stats
from loadtui.tui.draw.cells import row_width
from loadtui.tui.draw.comparison import comparison
from tests.tui.states import snapshot
from tests.tui.text import hues, page


def drawn(what: Snapshot, cells: int = 62, height: int = 11, back: int = 0) -> str:
    return page(comparison(what, back, "", cells, height, focused=False)).replace("\u00a0", " ")


def with_state(state: str, recovery: float | None = None) -> Snapshot:
    stats = Stats(requests=100, rate=10.0, p50=50.0, p95=214.0, p99=300.0, failed=0.0)
    this = Comparison(3, "latency payments", stats, stats, stats, recovery, state)
    return msgspec.structs.replace(snapshot("after"), comparisons=(this,))


def test_numbers_come_with_how_many_requests_they_are_from() -> None:
    text = drawn(snapshot("after"))
    assert text.splitlines()[0].startswith(" before / during / after ─")
    assert text.splitlines()[0].endswith("③ latency payments")
    assert "n=43" in text
    for name in ("p50", "p95", "p99", "req/s", "errors", "checks"):
        assert f" {name} " in text


def test_what_broke_a_limit_is_red_and_nothing_else() -> None:
    rows = comparison(snapshot("fault"), 0, "", 62, 11, focused=False)
    during = f"{snapshot('fault').comparisons[0].during.p95:,.0f}".replace(",", "\u00a0")
    assert hues(rows, during) == {"bad"}
    before = f"{snapshot('fault').comparisons[0].before.p95:.0f}"
    assert hues(rows, before) == {"ink"}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("on", "▲ the fault is on"),
        ("measuring", "not back inside the baseline band yet"),
        ("recovered", "✓ back inside the baseline band after 7 s"),
        ("not recovered", "✗ not back inside the baseline band"),
        ("cut short", "■ cut short"),
        ("no baseline", "nothing to compare with"),
    ],
)
def test_recovery_is_told_as_measured(state: str, words: str) -> None:
    text = drawn(with_state(state, 7.2 if state == "recovered" else None))
    assert words in text
    for verdict in ("degraded", "held", "inconclusive"):
        assert verdict not in text


def test_a_marked_baseline_is_said() -> None:
    this = msgspec.structs.replace(snapshot("fault").comparisons[0], baseline_marked=True)
    what = msgspec.structs.replace(snapshot("fault"), comparisons=(this,))
    assert "before: the marked baseline" in drawn(what)


def test_earlier_faults_can_be_looked_at() -> None:
    old = Comparison(1, "down inventory", state="not recovered")
    what = msgspec.structs.replace(
        snapshot("after"), comparisons=(old, *snapshot("after").comparisons)
    )
    assert "③ latency payments" in drawn(what)
    assert "① down inventory" in drawn(what, back=1)
    assert "① down inventory" in drawn(what, back=9)


def test_in_few_rows_requests_p95_and_errors_stay() -> None:
    text = drawn(snapshot("after"), height=6)
    assert "p95" in text
    assert "requests" in text
    assert "errors" in text
    assert "p50" not in text


def test_without_a_fault_the_key_is_named_only_where_it_would_work() -> None:
    assert "press space" in drawn(snapshot("steady"))
    assert "press space" not in drawn(snapshot("none"))


@pytest.mark.parametrize("cells", [0, 5, 20, 42, 62])
@pytest.mark.parametrize("height", [0, 1, 3, 12])
def test_no_size_breaks_it(cells: int, height: int) -> None:
    rows = comparison(snapshot("after"), 0, "", cells, height, focused=False)
    assert all(row_width(row) <= max(cells, 42) for row in rows)
