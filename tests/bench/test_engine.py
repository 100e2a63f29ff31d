from __future__ import annotations

import json

from bench import journey
from bench.arrivals import measure_arrivals
from bench.engine import Engine, scenario
from bench.job import ORDER, Job
from bench.server import exact_server
from loadtui.model.text import constant


def test_the_job_is_the_orders_scripts_first_request_with_its_two_checks() -> None:
    request = scenario(Job("post", think=1.0), "http://127.0.0.1:1").requests[0]
    assert (request.method, request.body) == ("POST", constant(ORDER))
    assert [check.name for check in request.checks] == ["status is 201", "has order id"]
    assert (request.think.low, request.think.high) == (1.0, 1.0)


def test_the_journey_sends_the_same_order() -> None:
    code = scenario(Job("journey"), "http://127.0.0.1:1").code
    assert code is not None
    assert (code.function, code.target) == ("post", "http://127.0.0.1:1")
    assert json.loads(ORDER) == journey.ORDER


def test_what_a_worker_reports_is_close_to_the_servers_delay() -> None:
    with exact_server(20) as server:
        truth = Engine().truth(Job("post", vus=5, seconds=0.5), server, 20.0)
    assert 0.0 <= truth.middle <= 10.0
    assert truth.middle <= truth.high
    assert truth.rate > 50


def test_an_arrival_rate_is_judged_by_what_the_server_saw() -> None:
    with exact_server(1) as server:
        figures = measure_arrivals((100,), server, rounds=1, seconds=0.5)
    seen = float(figures[0].reads.removesuffix("/s")) * 0.5
    assert 49 <= seen <= 51  # the start that is due at the very end may or may not be made
    assert figures[0].met is (seen == 50)
    assert [figure.what.rpartition(", ")[2] for figure in figures[1:]] == ["dropped", "p50", "p99"]
