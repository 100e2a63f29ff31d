"""What the peers print, as they print it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import peers
from bench.job import Job


def test_k6_ends_with_the_line_that_its_script_asks_for(tmp_path: Path) -> None:
    told = peers._k6_told(tmp_path, 'time="…" level=warning msg="[1]"\n[20.125,23.5]')
    assert told == (20.125, 23.5)


def test_locust_writes_its_totals_last(tmp_path: Path) -> None:
    (tmp_path / "out_stats.csv").write_text(
        "Type,Name,Request Count,50%,99%\nGET,/order,10,21,30\n,Aggregated,10,22,31\n"
    )
    assert peers._locust_told(tmp_path, "") == (22.0, 31.0)


@pytest.mark.parametrize(
    ("middle", "high", "ms"),
    [("20.13ms", "1.02s", (20.13, 1020.0)), ("950.00us", "1.50ms", (0.95, 1.5))],
)
def test_wrk_names_its_units(
    tmp_path: Path, middle: str, high: str, ms: tuple[float, float]
) -> None:
    output = f"  Latency Distribution\n     50%   {middle}\n     75%   2.00ms\n     99%   {high}\n"
    assert peers._wrk_told(tmp_path, output) == pytest.approx(ms)


def test_hey_counts_in_seconds(tmp_path: Path) -> None:
    output = (
        "Latency distribution:\n  10%% in 0.0201 secs\n  50%% in 0.0203 secs\n  99%% in 0.03 secs"
    )
    assert peers._hey_told(tmp_path, output) == pytest.approx((20.3, 30.0))


def test_a_bounded_job_is_told_its_end_and_any_other_is_not(tmp_path: Path) -> None:
    assert "3s" in peers._k6_words(Job("post", seconds=3.0), "http://127.0.0.1:1", tmp_path)
    assert not Job("post").is_bounded
    script = (tmp_path / "order.js").read_text()
    assert "status is 201" in script
    assert "http://127.0.0.1:1/api/orders" in script
