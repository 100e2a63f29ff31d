"""What both measured of a server that always takes 200 ms, and what that server knows itself."""

from __future__ import annotations

import statistics
from typing import NamedTuple

import pytest

from tests.support.k6 import Ask, Ran, Traffic, k6, loadtui
from tests.support.slow_server import slow_server

VUS, SECONDS, TAKES, THINKS = 20, 5, 200, 1.0
ITERATIONS = 5
"""Of each VU: one begins every 1.2 s, the last one at 4.8 s and ends gracefully."""


class Seen(NamedTuple):
    """A run, and its server's own count and times in ms."""

    ran: Ran
    served: int
    times: list[float]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Each of the two on a server of its own, one after the other."""
    folder = tmp_path_factory.mktemp("both")
    found = {}
    for name in ("k6", "loadtui"):
        with slow_server(TAKES) as server:
            load = {"vus": VUS, "duration": f"{SECONDS}s"}
            traffic = Traffic(server.url, (Ask("order", "/x", think=THINKS),), load)
            ran = (
                k6(folder, traffic.script())
                if name == "k6"
                else loadtui(folder, traffic.scenario())
            ).end()
            found[name] = Seen(ran, server.served(), server.times())
    return found


def test_p95_is_the_same_and_what_the_server_took(seen: dict[str, Seen]) -> None:
    k6s, ours = (each.ran.value("http_req_duration", "p(95)") for each in seen.values())
    assert ours == pytest.approx(k6s, rel=0.05)
    for each in seen.values():
        truth = statistics.quantiles(each.times, n=20, method="inclusive")[-1]
        assert truth >= TAKES
        assert each.ran.value("http_req_duration", "p(95)") == pytest.approx(truth, rel=0.05)


def test_no_answer_was_faster_than_the_server(seen: dict[str, Seen]) -> None:
    for each in seen.values():
        assert each.ran.value("http_req_duration", "min") >= min(each.times) - 1


def test_counts_are_the_servers_and_the_plans(seen: dict[str, Seen]) -> None:
    for each in seen.values():
        assert each.ran.code == 0
        assert each.ran.count("http_reqs") == each.served
        assert each.ran.count("iterations") == each.served
        assert each.ran.value("checks", "passes") == each.served
        assert abs(each.served - VUS * ITERATIONS) <= VUS


def test_an_iteration_takes_as_long_in_both(seen: dict[str, Seen]) -> None:
    k6s, ours = (each.ran.value("iteration_duration", "med") for each in seen.values())
    assert ours == pytest.approx(k6s, rel=0.02)
