"""One line a fault: what it did, or why it did not come; in every form of a summary."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from loadtui.model.ending import Ending
from loadtui.model.snapshot import Chaos, Comparison, Snapshot, Stats
from loadtui.model.timed import Timed, TimedState
from loadtui.model.toxic import Toxic
from loadtui.outputs import job_summary, junit, summary_json
from loadtui.outputs.faults import absent, absent_line, named, verdict_line
from loadtui.outputs.summary import summary

SLOW = Toxic("slow-payments", "latency", attributes={"latency": 2000})
SEEN = Comparison(
    3,
    "slow-payments payments",
    Stats(900, 30.0, p95=31.0, failed=0.0),
    Stats(450, 30.0, p95=2080.0, failed=0.125),
    Stats(900, 30.0, p95=33.0, failed=0.0),
    recovery=1.5,
    state="recovered",
)
LINE = (
    "p95 31 → 2\u00a0080 → 33\u00a0ms · failed 0 → 12.5 → 0\u00a0% · "
    "back inside the baseline band after 1.5 s"
)


def planned(state: TimedState, why: str = "", *, name: str = "late", at: float = 90.0) -> Timed:
    return Timed(name=name, proxy="orders-db", at=at, lasts=5.0, state=state, why=why)


CAME = Timed(name="slow", proxy="payments", toxic=SLOW, at=20.0, lasts=15.0, state="over", marker=3)
REFUSED = planned("failed", "Toxiproxy is lost: nothing listens")
SKIPPED = planned("skipped", "panic", name="later", at=100.0)
FAR = planned("waiting", name="last", at=300.0)
ABSENT = (
    "late on orders-db, planned at 1m30s: not injected; Toxiproxy is lost: nothing listens",
    "later on orders-db, planned at 1m40s: skipped; panic",
    "last on orders-db, planned at 5m: not injected; the run ended before 5m of the plan",
)


def shot(**fields: Any) -> Snapshot:
    chaos = Chaos(state="up", timed=(CAME, REFUSED, SKIPPED, FAR))
    return Snapshot(
        at=60.0,
        wall=0.0,
        phase="ended",
        name="orders",
        target_url="http://127.0.0.1:1",
        chaos=chaos,
        comparisons=(SEEN,),
        **fields,
    )


def test_a_line_has_before_during_and_after_and_the_recovery() -> None:
    assert verdict_line(SEEN) == LINE
    nothing = Comparison(1, "x", state="no baseline")
    assert verdict_line(nothing).startswith(
        "p95 – → – → –\u00a0ms · failed – → – → –\u00a0% · no load"
    )


def test_a_fault_that_did_not_come_says_why() -> None:
    assert tuple(absent_line(*each) for each in absent(shot().chaos.timed)) == ABSENT


def test_a_fault_bears_the_scenarios_name() -> None:
    assert [name for name, _ in named(shot())] == ["slow"]


@pytest.mark.parametrize("unicode", [True, False])
def test_the_terminal_has_both(unicode: bool) -> None:
    text = " ".join(summary(shot(), (), width=120, colour=False, unicode=unicode).split())
    assert "2 080" in text
    for line in ABSENT:
        assert line in text


def test_a_build_has_a_case_for_each() -> None:
    root = ET.fromstring(junit.document(shot(), Ending(107, "late was not injected")))  # noqa: S314 - ours
    cases = {
        case.attrib["name"]: case
        for case in root.iter("testcase")
        if case.get("classname") == "faults"
    }
    assert list(cases) == ["slow", "late", "later", "last"]
    assert cases["slow"].findtext("system-out") == LINE
    kinds = {name: [each.tag for each in case] for name, case in cases.items()}
    assert kinds == {
        "slow": ["system-out"], "late": ["error"], "later": ["skipped"], "last": ["skipped"],
    }  # fmt: skip
    assert cases["late"][0].attrib["message"] == ABSENT[0]


def test_programs_are_told_too() -> None:
    found = summary_json.encoded(summary_json.document(shot(), Ending(0), loadtui="1"))
    first, second, *_ = json.loads(found)["timed_faults"]
    assert first == {
        "name": "slow", "proxy": "payments", "fault": "latency", "at": 20, "for": 15,
        "state": "over", "why": "", "marker": 3,
    }  # fmt: skip
    assert (second["fault"], second["why"]) == ("down", "Toxiproxy is lost: nothing listens")


def test_the_page_of_a_job_has_them() -> None:
    page = job_summary.document(shot(), Ending(0))
    assert "back inside the baseline band after 1.5 s" in page
    assert "planned at 1m40s" in page
