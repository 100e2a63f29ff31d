from __future__ import annotations

from collections import Counter

import pytest

from loadtui.model.metric import MetricType
from loadtui.outputs.samples import Sample
from loadtui.outputs.statsd_lines import MOST, PACKET, StatsdLines

KINDS: dict[str, MetricType] = {"wait": "trend", "queue": "gauge", "my_rate": "rate"}
TAGS = {"url": "home", "name": "home", "status": "200", "group": ""}


def told(lines: StatsdLines, metric: str, *values: float, **tags: str) -> list[str]:
    labels = lines.encode_tags({**TAGS, **tags})
    assert lines.add([Sample(metric, labels, 1, v) for v in values], KINDS) == len(values)
    return b"\n".join(lines.drain()).decode().splitlines()


@pytest.mark.parametrize(
    ("metric", "values", "expected"),
    [
        ("http_reqs", (1, 1, 3), ["k6.http_reqs:5|c"]),
        ("money", (0.5, 0.25), ["k6.money:0.75|c"]),
        ("http_req_failed", (1, 0, 1), ["k6.http_req_failed:2|c"]),
        ("vus", (3, 7), ["k6.vus:7|g"]),
        ("queue", (-2,), ["k6.queue:0|g", "k6.queue:-2|g"]),
        (
            "http_req_duration",
            (1.5, 2),
            ["k6.http_req_duration:1.5|ms", "k6.http_req_duration:2|ms"],
        ),
    ],
)
def test_names_and_meanings_are_those_k6_had(
    metric: str, values: tuple[float, ...], expected: list[str]
) -> None:
    assert told(StatsdLines(tagged=False), metric, *values) == expected


def test_a_check_counts_under_its_name() -> None:
    found = told(StatsdLines(tagged=False), "checks", 1, 0, 1, check="a: is|ok")
    assert found == ["k6.check.a__is_ok.pass:2|c", "k6.check.a__is_ok.fail:1|c"]


def test_tags_are_datadogs_where_they_are_asked_for() -> None:
    found = told(StatsdLines(tagged=True), "http_reqs", 1, note="a,b|c")
    assert found == ["k6.http_reqs:1|c|#name:home,note:a_b_c,status:200"]


def test_many_timings_are_sampled_and_say_so() -> None:
    lines = StatsdLines(tagged=False)
    values = [float(value) for value in range(MOST * 3)]
    sent = 0.0
    for _ in range(10):
        found = told(lines, "wait", *values)
        assert len(found) <= MOST
        assert {each.partition("|@")[2] for each in found} == {"0.25"}
        sent += 4 * len(found)
    assert sent == pytest.approx(10 * len(values), abs=4)


def test_a_rare_metric_is_not_made_more_of_by_a_frequent_one() -> None:
    lines = StatsdLines(tagged=False)
    often = lines.encode_tags(TAGS)
    total: Counter[str] = Counter()
    for _ in range(8):
        lines.add([Sample("http_req_duration", often, 1, 1.0)] * (MOST * 8 - 1), KINDS)
        for line in told(lines, "wait", 7.0):
            total[line.partition(":")[0]] += 8
    assert total == {"k6.wait": 8, "k6.http_req_duration": 8 * (8 * MOST - 1)}


def test_datagrams_hold_whole_lines_and_fit_every_network() -> None:
    lines = StatsdLines(tagged=True)
    for number in range(200):
        labels = lines.encode_tags({**TAGS, "n": str(number)})
        lines.add([Sample("http_reqs", labels, 1, 1.0)], KINDS)
    packets = lines.drain()
    assert max(map(len, packets)) <= PACKET
    assert len(packets) > 1
    assert sum(packet.count(b"\n") + 1 for packet in packets) == 200
    assert lines.drain() == []
