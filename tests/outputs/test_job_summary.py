from __future__ import annotations

import msgspec

from loadtui.model.ending import Ending
from loadtui.model.finding import Finding
from loadtui.model.generator import Generator
from loadtui.model.snapshot import Comparison, Stats
from loadtui.outputs.job_summary import document, fitted
from tests.outputs.verdicts import FINAL


def lines(text: str) -> list[str]:
    return text.replace("\u00a0", " ").splitlines()


def test_everything_that_decided_is_on_the_page() -> None:
    page = lines(document(FINAL, Ending(99)))
    assert page[0] == r"## ✗ orders \\x1b\[2J &lt;&amp;&gt;: failed"
    assert page[2].endswith("· 0:58 of load · 40 requests · – failed · exit code 99")
    at = page.index("### Thresholds")
    assert page[at + 4 : at + 7] == [
        r"| ✓ | p\(95\)&lt;500 | 30.0 ms |",
        r"| ✗ | p\(95\)&lt;500 over 10s | failed in 2 of 5 windows\: first 612 ms at 0\:10–0\:20,"
        r" worst 900 ms at 0\:30–0\:40 |",
        r"| – | checks\{check\:gone\} rate&gt;0.9 | no data |",
    ]
    at = page.index("### Checks")
    assert page[at + 4 : at + 6] == ["| ✗ | status is 200 | 39 | 1 |", "| ✓ | has id | 40 | 0 |"]
    assert "| list | 40 | 0.68 | 20.0 ms | 30.0 ms | – | 2.5 % |" in page
    assert "### Faults" not in page
    assert "### Findings" not in page


def test_faults_findings_and_the_generator_are_told() -> None:
    final = msgspec.structs.replace(
        FINAL,
        comparisons=(
            Comparison(3, "payments | slow", Stats(requests=7, p95=30.0), recovery=5.0),
            Comparison(4, "db down", state="not recovered"),
        ),
        findings=(Finding("recovery", "after the spike: within <10 s", ok=True),),
        generator=Generator(why="the CPU is busy", advice="add workers"),
        time_scale=60.0,
    )
    page = lines(document(final, Ending(111, unlifted=("db down is still on",))))
    assert page[0].endswith(": not lifted")
    assert "▲ A rehearsal: the plan went 60 times as fast as it is written." in page
    assert r"- ✓ after the spike\: within &lt;10 s" in page
    assert r"| ③ payments \| slow | before | 7 | – | – | 30.0 ms | – | – | – |" in page
    assert any(each.startswith("- ③ ") and each.endswith(" after 5 s") for each in page)
    assert any(each.startswith("- ④ ") and "not back inside" in each for each in page)
    assert "- **NOT LIFTED: db down is still on**" in page
    assert "▲ the CPU is busy: add workers" in page


def test_why_a_run_ended_early_is_told_and_secrets_are_not() -> None:
    page = document(FINAL, Ending(107, "nothing answered"), hide=lambda t: t.replace("hush", "•••"))
    assert "**nothing answered**" in page
    assert "hush" not in page


def test_what_has_no_room_is_left_out_at_the_end_of_a_line() -> None:
    names = tuple((f"endpoint {number}", Stats(requests=1)) for number in range(9000))
    text = document(msgspec.structs.replace(FINAL, endpoint_totals=names), Ending(0))
    cut = fitted(text, 100_000)
    assert 99_000 < len(cut) <= 100_000
    *rows, _, note, last = cut.decode().split("\n")
    assert rows[-1].endswith(" |")
    assert "had no room" in note
    assert last == ""
    assert fitted(text, 10_000_000) == text.encode()
    assert fitted(text, 20) == b""
