"""Who broke a window."""

from __future__ import annotations

from loadtui.measure.culprit import blamed
from loadtui.measure.histogram import bucket
from loadtui.measure.store import Store
from loadtui.model.row import Batch, Distribution, Row
from loadtui.model.scenario import Scenario
from loadtui.model.threshold import parse
from loadtui.model.verdict import WindowValue
from loadtui.session.verdicts import Verdicts

WINDOW = WindowValue(5.0, 7.0, 1.0)


def row(name: str, second: int, ms: int, **more: object) -> Row:
    took = Distribution(10, ms * 10_000, ms * 1000, ms * 1000, {bucket(ms * 1000): 10})
    return Row(second, name, requests=10, duration=took, **more)  # type: ignore[arg-type]


def store() -> Store:
    """Second 105: all is well. Second 106: one is slow, another one fails."""
    rows = (
        row("fast", 105, 5, statuses={200: 10}),
        row("slow", 105, 20, statuses={200: 10}),
        row("fast", 106, 5, failed=4, statuses={200: 6, 503: 3}, errors={"timeout": 1}),
        row("slow", 106, 90, failed=1, statuses={200: 9, 500: 1}),
        row("later", 107, 900, failed=9, statuses={500: 9, 200: 1}),
    )
    made = Store()
    made.ingest(Batch(0, 1, 107.0, 1, 0, rows))
    return made


def blame(metric: str, rule: str) -> tuple[str, str]:
    found = blamed(WINDOW, store(), parse(metric, rule), 105)
    return found.endpoint, found.reason


def test_of_times_the_slowest_and_of_failures_who_failed_most() -> None:
    assert blame("http_req_duration", "p(95)<5") == ("slow", "500")
    assert blame("http_req_failed", "rate<0.1") == ("fast", "503")


def test_a_name_is_who_it_is_and_other_tags_leave_it_open() -> None:
    assert blame("http_req_duration{name:fast}", "p(95)<5") == ("fast", "503")
    assert blame("http_req_duration{team:web}", "p(95)<5") == ("", "")
    assert blame("iterations", "count>5") == ("", "")


def test_the_first_failure_of_each_kind_is_remembered() -> None:
    made = Store()
    rows = (
        row("buy", 107, 1, failed=10, statuses={503: 10}),
        row("buy", 106, 1, failed=10, errors={"reset": 10}),
        row("buy", 105, 1, failed=10, statuses={503: 10}),
        row("buy", 104, 1, statuses={200: 10}),
    )
    made.ingest(Batch(0, 1, 107.0, 1, 0, rows))
    assert made.since.first_failures == {("buy", "503"): 105, ("buy", "reset"): 106}


def test_the_first_window_that_broke_names_them() -> None:
    rule = parse("http_req_failed", "rate<0.01 over 2s")
    scenario = Scenario(name="x", target="http://h", thresholds=(rule,))
    verdicts, made = Verdicts(scenario), store()
    verdicts.note_windows(made, 108, 10**9, 100.0)
    (status,) = verdicts.judge(made, 108, elapsed=9.0, last=True)
    assert status.first == WindowValue(5.0, 7.0, 5 / 40, "fast", "503")
