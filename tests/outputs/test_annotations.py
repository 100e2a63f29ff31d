from __future__ import annotations

import msgspec

from loadtui.model.ending import Ending
from loadtui.model.verdict import ThresholdStatus
from loadtui.outputs.annotations import Where, annotation, of_run
from tests.outputs.verdicts import FINAL

RULE = ("http_req_duration", "p(95)<500 over 10s")
TITLE = "title=orders \\x1b[2J <&>"


def told(ending: Ending, places: dict[tuple[str, str], Where] | None = None) -> list[str]:
    return [line.replace("\u00a0", " ") for line in of_run(FINAL, ending, places or {})]


def test_a_text_is_never_more_than_a_text() -> None:
    assert annotation("error", "5 %\r\n::warning::x", Where("a,b:c%.yaml", 3, 7), "a\nb") == (
        "::error file=a%2Cb%3Ac%25.yaml,line=3,col=7,title=a%0Ab::5 %25%0D%0A::warning::x"
    )
    assert annotation("warning", "well") == "::warning::well"


def test_a_failed_threshold_is_an_error_where_it_stands_and_no_data_a_warning() -> None:
    assert told(Ending(99), {RULE: Where("scenarios/orders.yaml", 12, 5)}) == [
        f"::error file=scenarios/orders.yaml,line=12,col=5,{TITLE}::http_req_duration p(95)<500"
        " over 10s failed: failed in 2 of 5 windows: first 612 ms at 0:10–0:20, worst 900 ms"
        " at 0:30–0:40",
        f"::warning {TITLE}::checks{{check:gone}} rate>0.9 saw no data",
    ]


def test_no_data_is_an_error_where_that_fails_the_run() -> None:
    assert f"::error {TITLE}::checks{{check:gone}} rate>0.9 failed: no data" in told(
        Ending(99, strict=True)
    )


def test_what_ended_the_run_and_what_is_still_on_are_errors() -> None:
    assert f"::error {TITLE}::the run was interrupted" in told(Ending(105))
    found = told(Ending(111, unlifted=("db down on orders-db",)))
    assert found[0] == f"::error {TITLE}::NOT LIFTED: db down on orders-db"


def test_no_more_than_github_shows() -> None:
    failed = tuple(
        ThresholdStatus("", metric=f"m{number}", rule="rate<1", run=1.0, run_ok=False)
        for number in range(25)
    )
    lines = [*of_run(msgspec.structs.replace(FINAL, thresholds=failed), Ending(99), {})]
    assert len(lines) == 10
    assert lines[-1] == "::error::and 16 more: see the job summary"
