"""The files of the same run: every line of `--out json` and every key of `--summary-export`.

Once as a list of requests, once in code, with groups and metrics of one's own.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.support.k6 import Ask, Ran, Thresholds, Traffic, both, k6, loadtui, script
from tests.support.slow_server import slow_server

THRESHOLDS: Thresholds = {
    "http_req_duration": [
        "p(95)<500",
        {"threshold": "max<4000", "abortOnFail": True, "delayAbortEval": "5s"},
    ],
    "http_req_duration{name:order}": ["avg<300"],
    "http_req_failed": ["rate<0.9"],
}
OURS_ALONE = {"iteration_failed", "response_time"}
"""Metrics that k6 does not have."""
NO_GROUP = {"data_sent": {"group": ""}, "data_received": {"group": ""}}
"""k6 counts the bytes of whole iterations, we those of each group."""
PACED = {"vus", "vus_max", *NO_GROUP}
"""How many points there are depends on the clock."""


OWN = {"orders": "counter", "stock": "gauge", "won": "rate", "basket": "trend"}
SCRIPT = """
const orders = new Counter('orders'), stock = new Gauge('stock');
const won = new Rate('won'), basket = new Trend('basket');
"""
BODY = """
  const base = '{url}', is_ok = {{ 'is ok': (r) => r.status === 200 }};
  check(http.get(base + '/a', {{ tags: {{ name: 'home' }} }}), is_ok);
  group('shop', () => {{
    check(http.get(base + '/b', {{ tags: {{ name: 'list' }} }}), is_ok, {{ kind: 'list' }});
    group('cart', () => {{
      const r = http.post(base + '/c', '1', {{ tags: {{ name: 'order' }} }});
      check(r, {{ 'is gone': (r) => r.status === 404 }});
      orders.add(2.5, {{ kind: 'write' }});
    }});
    stock.add(-3.25);
  }});
  won.add(true);
  won.add(false);
  [-1.5, 0, 12.25].forEach((value) => basket.add(value, {{ kind: 'x' }}));
  sleep(0.6);
"""
JOURNEY = """
async def run(vu):
    ok = lambda r: {'is ok': r.status_code == 200}
    r = await vu.http.get('/a', name='home')
    vu.check(r, ok(r))
    with vu.group('shop'):
        r = await vu.http.get('/b', name='list')
        vu.check(r, ok(r), tags={'kind': 'list'})
        with vu.group('cart'):
            r = await vu.http.post('/c', content='1', name='order')
            vu.check(r, {'is gone': r.status_code == 404})
            vu.metrics['orders'].add(2.5, tags={'kind': 'write'})
        vu.metrics['stock'].add(-3.25)
    vu.metrics['won'].add(True)
    vu.metrics['won'].add(False)
    for value in (-1.5, 0, 12.25):
        vu.metrics['basket'].add(value, tags={'kind': 'x'})
    await vu.sleep(0.6)
"""
FEW = {"vus": 2, "iterations": 4}


@pytest.fixture(scope="module", params=["list", "code"])
def ran(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Ran, Ran]:
    """k6's and ours: requests that are answered, one of them with a failed check."""
    folder = tmp_path_factory.mktemp("both")
    with slow_server(20) as server:
        if request.param == "list":
            asks = (
                Ask("order", "/a", "POST", {"id": 1}),
                Ask("list", "/b", status=404, think=0.6),
            )
            return both(folder, Traffic(server.url, asks, FEW, THRESHOLDS))
        rules = {
            **THRESHOLDS,
            "basket": ["avg<5", "min==-1.5"],
            "orders{kind:write}": ["count==10"],
        }
        theirs = k6(
            folder, script({**FEW, "thresholds": rules}, BODY.format(url=server.url), SCRIPT)
        )
        text = {"target": server.url, "journey": "journey.py:run", "load": FEW, "metrics": OWN}
        ours = loadtui(folder, json.dumps({**text, "thresholds": rules}), journey=JOURNEY)
        return theirs.end(), ours.end()


def points(ran: Ran) -> list[dict[str, Any]]:
    return [
        line for line in ran.lines if line["type"] == "Point" and line["metric"] not in OURS_ALONE
    ]


def test_the_metrics_are_declared_alike(ran: tuple[Ran, Ran]) -> None:
    told = [
        {
            line["metric"]: {
                **line["data"],
                "submetrics": {each["name"]: each for each in line["data"]["submetrics"] or ()},
            }
            for line in each.lines
            if line["type"] == "Metric" and line["metric"] not in OURS_ALONE
        }
        for each in ran
    ]
    assert told[1] == told[0]


def test_a_point_has_the_same_fields_of_the_same_types(ran: tuple[Ran, Ran]) -> None:
    for each in ran:
        for line in points(each):
            assert set(line) == {"type", "metric", "data"}
            data = line["data"]
            assert set(data) == {"time", "value", "tags"}
            assert isinstance(data["time"], str)
            assert data["time"].endswith("Z")
            assert isinstance(data["value"], (int, float))
            assert all(isinstance(value, str) for value in data["tags"].values())


def test_every_point_has_k6s_tags(ran: tuple[Ran, Ran]) -> None:
    told = []
    for each in ran:
        paced = {line["metric"] for line in points(each)} & PACED
        assert paced == PACED
        told.append(
            Counter(
                (line["metric"], *sorted(line["data"]["tags"].items()))
                for line in points(each)
                if line["metric"] not in PACED
            )
        )
    assert told[1] == told[0]
    for metric in sorted(PACED):
        k6s, ours = (
            {
                (*sorted({**line["data"]["tags"], **NO_GROUP.get(metric, {})}.items()),)
                for line in points(each)
                if line["metric"] == metric
            }
            for each in ran
        )
        assert ours == k6s, metric


def test_what_is_counted_is_counted_alike(ran: tuple[Ran, Ran]) -> None:
    for metric in ("http_reqs", "iterations", "http_req_failed", "checks", "data_received"):
        k6s, ours = (
            sum(line["data"]["value"] for line in points(each) if line["metric"] == metric)
            for each in ran
        )
        assert ours == k6s, metric


def test_the_exported_summary_has_the_same_keys(ran: tuple[Ran, Ran]) -> None:
    k6s, ours = (
        {name: set(each) for name, each in each.exported["metrics"].items()} for each in ran
    )
    assert {name: keys for name, keys in ours.items() if name not in OURS_ALONE} == k6s
    assert ran[1].verdicts == ran[0].verdicts
    assert ran[1].exported["root_group"] == ran[0].exported["root_group"]
