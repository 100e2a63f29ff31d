from __future__ import annotations

from pathlib import Path

import pytest

from bench import report
from bench.findings import OURS, PAIR, Findings
from bench.reading import Crowd, Rate, Truth


def found() -> Findings:
    return Findings(
        rates={
            "get": {OURS: [Rate(60_000, 15)], "wrk": [Rate(100_000, 9)]},
            "post": {
                OURS: [Rate(rate, 20.0) for rate in (10_000, 50_000, 52_000)],
                "k6 2.2": [Rate(rate, 100.0) for rate in (9_000, 11_000, 10_000)],
                "Locust": [Rate(10_000, 120.0)],
                PAIR: [Rate(90_000, 22.1)],
            },
        },
        crowds={
            1: {OURS: [Crowd(30_000, 0.1, 50)], "Locust": [Crowd(50_000, 0.4, 500)]},
            10_000: {OURS: [Crowd(100_000, 1.0, 40)], "Locust": [Crowd(270_000, None, 300)]},
        },
        truths={20: {OURS: [Truth(0.1, 3.0, 900, (0.0, 0.1))]}},
        notes=["hey is left out: no Go"],
    )


def verdicts(findings: Findings) -> dict[str, bool | None]:
    return {f"{goal.what} {goal.goal}": goal.met for goal in findings.goals()}


def test_goals_are_judged_by_medians_of_the_same_run() -> None:
    assert verdicts(found()) == {
        "POST + 2 checks, requests/s ≥ 5 × k6 2.2": True,
        "POST + 2 checks, requests/s ≥ 6 × Locust": False,
        "POST + 2 checks, requests/s ≥ 0.5 × wrk's plain GET": True,
        "2 workers, CPU per request ≤ 1.1 × one": False,
        "POST + 2 checks, CPU per request < 21 µs": True,
        "10,000 VUs, memory of each < 8 KiB": True,
        "10,000 VUs, all started < 5 s": True,
        "20 VUs, error of p50 within 0.3 ms": True,
        "20 VUs, error of p99 within 2.5 ms": False,
    }


def test_a_goal_without_its_peer_is_not_judged() -> None:
    findings = found()
    del findings.rates["post"]["k6 2.2"], findings.rates["get"]["wrk"]
    assert not [words for words in verdicts(findings) if "k6" in words or "wrk" in words]


def test_a_crowd_that_was_never_there_misses_the_goal_and_reads_as_never() -> None:
    findings = found()
    findings.crowds[10_000][OURS].append(Crowd(100_000, None, 40))
    assert verdicts(findings)["10,000 VUs, all started < 5 s"] is False


def test_the_report_holds_every_figure_beside_ours_and_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path / "RESULTS.md")
    head = {"versions": "k6 2.2 (2.2.0)", "server": "nginx", "rounds": 3, "load": 0.1}
    report.write(found(), head)
    text = (tmp_path / "RESULTS.md").read_text()
    assert "| k6 2.2 | 10,000 | 0.20 × | 100.0 | 5.00 × |  |" in text
    assert "| 10,000 VUs, Locust | 264 | 22.0 | 3.1 × | never |  | 300 |" in text
    assert "| loadtui | +0.10 / +3.00 |" in text
    assert "- hey is left out: no Go" in text
    assert "| 0.50 × wrk's plain GET | ≥ 0.5 × wrk's plain GET | met |" in text
