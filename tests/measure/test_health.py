from __future__ import annotations

import pytest

from loadtui.measure.health import Vitals, judge, vitals
from loadtui.measure.histogram import Histogram
from loadtui.measure.tally import Iterations
from loadtui.model.row import Health, IterationRow


@pytest.mark.parametrize(
    ("signs", "state", "says"),
    [
        (Vitals(cpu=0.3, lag=0.001), "ok", ""),
        (Vitals(cpu=0.85, lag=0.001), "strained", "use more than 1 worker"),
        (Vitals(cpu=0.97, lag=0.001), "measuring the generator", "use more than 1 worker"),
        (Vitals(cpu=0.1, lag=0.3), "measuring the generator", "a journey that blocks"),
        (Vitals(cpu=0.1, late=0.02), "strained", "lower the rate"),
        (Vitals(files=990, files_limit=1024), "measuring the generator", "ulimit -n"),
        (Vitals(ports=24_000, ports_limit=28_232), "strained", "keep connections alive"),
        (Vitals(files=990, files_limit=0), "ok", ""),
        (Vitals(dropped=50), "ok", ""),
    ],
)
def test_the_worst_sign_makes_the_state_and_says_what_helps(
    signs: Vitals, state: str, says: str
) -> None:
    judgement = judge(signs)
    assert judgement.state == state
    assert says in judgement.advice
    assert bool(judgement.why) == (state != "ok")


def test_the_worse_of_two_signs_is_told() -> None:
    judgement = judge(Vitals(cpu=0.85, lag=0.5))
    assert (judgement.state, judgement.why) == (
        "measuring the generator",
        "the loop came 500 ms late",
    )


def test_workers_are_summed_where_they_share_and_the_worst_counts_elsewhere() -> None:
    quiet = Health(cpu=0.1, wall=1.0, lag=0.001, connections=10, files=20, files_limit=100)
    busy = Health(
        cpu=0.9, wall=1.0, lag=0.01, connections=50, files=60, files_limit=100, ports_limit=1000
    )
    late = Histogram()
    late.record(4000)
    done = Iterations()
    done.add(IterationRow(1, dropped=2, late=late.to_distribution()))
    seen = vitals({0: [quiet], 1: [busy]}, done)
    assert (seen.cpu, seen.lag, seen.late, seen.dropped) == (0.9, 0.01, 0.004, 2)
    assert (seen.connections, seen.ports, seen.ports_limit) == (60, 60, 1000)
    assert (seen.files, seen.files_limit) == (60, 100)


def test_ports_of_connections_closed_within_a_minute_are_still_in_use() -> None:
    reports = [Health(wall=1.0, dialed=10, ports_limit=1000) for _ in range(200)]
    assert vitals({0: reports}, Iterations()).ports == 600
