"""The demo's orders system under the same load, checks and thresholds: the same verdicts."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from tests.support.k6 import Ask, Thresholds, Traffic, both
from tests.support.real import require_real
from tests.support.tmux import environment

KEY = {"x-api-key": "test-key"}
ITEM = {"productId": "prod-1", "quantity": 1, "unitPrice": 1500}
ORDER = {
    "customerId": "cust-1",
    "items": [ITEM],
}
SHOP = (
    Ask("list_products", "/api/products", headers=KEY),
    Ask("create_order", "/api/orders", "POST", ORDER, 201, KEY),
)
NOBODY = (Ask("create_order", "/api/orders", "POST", ORDER, 201, {"x-api-key": "wrong"}),)
FEW: dict[str, Any] = {"vus": 2, "iterations": 6}


class Case(NamedTuple):
    """Both must end with that code."""

    code: int
    thresholds: Thresholds = MappingProxyType({})
    requests: tuple[Ask, ...] = SHOP


CASES = {
    "without thresholds": Case(0),
    "all hold": Case(
        0,
        {
            "http_req_duration": ["p(95)<5000", "avg<5000", "med>0", "max<=5000", "p(99.9)<5000"],
            "http_req_duration{name:create_order}": ["p(90)<5000"],
            "http_req_failed": ["rate<0.01", "rate==0"],
            "http_reqs": ["count==12", "rate>0"],
            "iterations": ["count===6"],
            "checks": ["rate>0.99"],
            "iteration_duration": ["min>0"],
        },
    ),
    "one of three is breached": Case(
        99,
        {"http_req_duration": ["p(95)<5000", "p(95)<0.001"], "http_req_failed": ["rate<0.01"]},
    ),
    "one on a tag is breached": Case(
        99, {"http_req_duration{name:create_order}": ["max<0.001"], "http_req_failed": ["rate<1"]}
    ),
    "checks that fail fail nothing": Case(0, {}, (SHOP[0]._replace(status=404),)),
    "unless a threshold asks": Case(
        99, {"checks": ["rate>0.9"], "http_reqs": ["count==6"]}, (SHOP[0]._replace(status=404),)
    ),
    "a refusal is a failed request": Case(
        99, {"http_req_failed": ["rate<0.5"], "http_req_duration": ["p(95)<5000"]}, NOBODY
    ),
    "failed requests alone fail nothing": Case(0, {}, NOBODY),
    "metrics without samples": Case(
        0,
        {
            "http_req_duration{name:create_order,status:503}": ["p(95)<500"],
            "http_req_failed{status:503}": ["rate<0.01", "rate>0.99"],
            "http_reqs{status:503}": ["count<1"],
            "dropped_iterations": ["count<1"],
        },
    ),
    "and where 0 is not enough": Case(
        99,
        {
            "http_req_duration{name:create_order,status:503}": ["avg>0"],
            "http_reqs{status:503}": ["count>0"],
        },
    ),
    "an unknown metric": Case(104, {"http_req_durations": ["p(95)<500"]}),
    "an aggregate of another type": Case(104, {"http_req_failed": ["p(95)<500"]}),
    "a unit in a limit": Case(104, {"http_req_duration": ["p(95)<500ms"]}),
    "no operator": Case(104, {"http_req_duration": ["p(95)"]}),
    "two rules in one": Case(104, {"http_req_duration": ["p(95)<500 && max<900"]}),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `loadtui demo --serve`."""
    require_real("postgres")
    serving = subprocess.Popen(
        [sys.executable, "-m", "loadtui", "demo", "--serve"],
        env={**os.environ, **environment(tmp_path_factory.mktemp("served"))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+", serving.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(30)
        serving.stdout.close()


@pytest.mark.parametrize("name", CASES)
def test_the_same_verdicts_and_exit_code(name: str, shop: str, tmp_path: Path) -> None:
    case = CASES[name]
    traffic = Traffic(shop, case.requests, FEW, case.thresholds)
    k6s, ours = both(tmp_path, traffic)
    assert (k6s.code, ours.code) == (case.code, case.code), ours.err
    assert ours.verdicts == k6s.verdicts
    for metric in ("http_reqs", "iterations"):
        assert ours.count(metric) == k6s.count(metric)
    if case.code != 104:
        assert ours.exported["root_group"] == k6s.exported["root_group"]
        assert ours.exported["metrics"]["checks"] == k6s.exported["metrics"]["checks"]


def test_a_threshold_that_asks_to_abort_ends_both_after_its_delay(
    shop: str, tmp_path: Path
) -> None:
    abort = {"threshold": "max<0.001", "abortOnFail": True, "delayAbortEval": "3s"}
    thresholds = {"http_req_duration": ["p(95)<5000", abort]}
    traffic = Traffic(shop, SHOP, {"vus": 1, "duration": "60s"}, thresholds)
    k6s, ours = both(tmp_path, traffic)
    assert (k6s.code, ours.code) == (99, 99)
    assert ours.verdicts == k6s.verdicts
    for each in (k6s, ours):
        counter = each.exported["metrics"]["iterations"]
        assert 3 < counter["count"] / counter["rate"] < 15
