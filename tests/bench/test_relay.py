from __future__ import annotations

import os
import sys
import threading
import time

import pytest

from bench.cores import SENDER, on_core
from bench.relay import ROWS, Core, judge

EVEN = {name: 100.0 for name, _, _ in ROWS}


def test_a_relay_as_good_as_the_real_one_misses_the_throughput_only() -> None:
    lines, missed = judge({"loadtui": EVEN, "real": EVEN})
    assert missed == ["plain", "latency 20 ms"]
    assert sum("not met" in line for line in lines) == 2


@pytest.mark.parametrize(
    ("name", "just", "short"),
    [
        ("plain", 130, 129),
        ("latency 20 ms", 130, 129),
        ("new connections", 100, 99),
        ("added p50", 150, 151),
    ],
)
def test_a_goal_is_met_exactly_at_its_ratio(name: str, just: float, short: float) -> None:
    good = EVEN | {"plain": 200.0, "latency 20 ms": 200.0}
    assert judge({"loadtui": good | {name: just}, "real": EVEN})[1] == []
    assert judge({"loadtui": good | {name: short}, "real": EVEN})[1] == [name]


def test_without_the_real_one_nothing_is_judged_and_the_table_says_so() -> None:
    lines, missed = judge({"loadtui": EVEN})
    assert missed == []
    assert lines[-1] == "toxiproxy-server is not to be found: nothing to compare with"
    assert not any("goal" in line for line in lines)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_work_of_the_relays_is_not_work_of_others_but_that_of_strangers_is() -> None:
    def burn() -> None:
        with on_core(SENDER):
            until = time.thread_time() + 0.3
            while time.thread_time() < until:
                pass

    ours, strange = Core(SENDER, [os.getpid()]), Core(SENDER, [])
    thread = threading.Thread(target=burn)
    thread.start()
    thread.join()
    assert strange.others() > ours.others()
