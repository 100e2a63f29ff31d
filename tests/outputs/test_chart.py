from __future__ import annotations

import subprocess
import sys

import pytest

from loadtui.model.history import Point
from loadtui.model.marker import Marker
from loadtui.outputs.chart import LEAST, Look, chart

FAULT = Marker(number=3, at=40.2, kind="fault", what="latency on payments", ended=80.0)
ACT = Marker(number=4, at=50.0, kind="act", what="+10 VUs")


def run(seconds: int = 120, *, slow: float = 2000.0) -> list[Point]:
    """A run of 200 ms and 96 requests/s: slower at 40–80 s, silent at 100–110 s."""
    points = []
    for second in range(1, seconds + 1):
        broken, silent = 40 < second <= 80, 100 < second <= 110
        p95 = None if silent else 200.0 + slow * broken
        rate = None if silent else 96.0 - 60 * broken
        points.append(Point(at=float(second), vus=10, rate=rate, p95=p95))
    return points


def lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_a_run_with_a_fault_in_it() -> None:
    assert lines_of(chart(run(), [FAULT, ACT], Look(60, 16, unicode=False), slo=500)) == [
        "p95 in ms, log",
        "5 000+                 3                 :",
        "     |                 :                 :",
        "2 000+                 *******************",
        "     |                 *                 *",
        "1 000+                 *                 *",
        "  500+-----------------*-----------------*------------------",
        "     |                 *                 *",
        "  200+******************                 :*********    *****",
        "requests per second",
        "  100+******************                 :*********    *****",
        "     |                 *                 *",
        "   50+                 *******************",
        "    0+                 :                 :",
        "     +-------------+---+--------+--------+----+-------------",
        "                  0:30         1:00          1:30",
    ]


def test_braille_and_colour_show_the_same() -> None:
    plain = chart(run(), [FAULT], Look(80, 20), slo=500)
    painted = chart(run(), [FAULT], Look(80, 20, colour=True), slo=500)
    assert "\x1b" not in plain
    assert any("\u2801" <= sign <= "\u28ff" for sign in plain)
    assert "③" in plain
    assert "\x1b[38;5;208m" in painted
    assert "\x1b[48" not in painted


def test_a_level_run_needs_no_log() -> None:
    text = chart(run(slow=100), [], Look(80, 20))
    assert text.startswith("p95 in ms\n")
    assert "③" not in text


@pytest.mark.parametrize("width", [*range(LEAST[0], 60), 80, 119, 200, 400])
def test_it_is_never_wider_or_higher_than_asked(width: int) -> None:
    for height in (LEAST[1], 17, 40):
        lines = chart(run(), [FAULT], Look(width, height), slo=500).splitlines()
        assert len(lines) == height
        assert max(len(line) for line in lines) <= width


@pytest.mark.parametrize(
    ("points", "look"),
    [
        ([], Look(80, 20)),
        (run(1), Look(80, 20)),
        (run(), Look(LEAST[0] - 1, 20)),
        (run(), Look(80, LEAST[1] - 1)),
        ([Point(at=float(i), vus=1) for i in range(20)], Look(80, 20)),
        ([Point(at=float(i), vus=1, rate=1.0) for i in range(20)], Look(80, 20)),
    ],
)
def test_nothing_to_show_is_no_chart(points: list[Point], look: Look) -> None:
    assert chart(points, [FAULT], look) == ""


def test_a_day_is_squeezed_into_the_width() -> None:
    text = chart(run(4 * 3600), [FAULT], Look(80, 20))
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "4:00:00" in text or "3:00:00" in text


def test_plotext_is_paid_for_only_when_a_chart_is_drawn() -> None:
    code = "import sys, loadtui.outputs.summary; print('plotext' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
