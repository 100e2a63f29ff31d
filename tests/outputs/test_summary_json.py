from __future__ import annotations

import json
from typing import Any

import msgspec

from loadtui.model.ending import Ending
from loadtui.model.finding import Finding
from loadtui.model.result import Section
from loadtui.outputs.summary_json import document, encoded
from tests.outputs.verdicts import FINAL


def made(ending: Ending) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(encoded(document(FINAL, ending, loadtui="1.2.3")))
    return found


def test_holds_the_verdict_and_what_it_stands_on() -> None:
    found = made(Ending(99))
    assert (found["version"], found["loadtui"], found["exit_code"]) == (1, "1.2.3", 99)
    assert (found["verdict"], found["load_seconds"], found["began"]) == ("failed", 58.5, 1_000_000)
    held, broken, empty = found["thresholds"]
    assert (held["metric"], held["threshold"], held["ok"]) == (
        "http_req_duration",
        "p(95)<500",
        True,
    )
    assert "windows" not in held
    assert broken["ok"] is False
    assert broken["windows"] == {
        "judged": 5,
        "failed": 2,
        "first": {"since": 10, "until": 20, "value": 612.0},
        "worst": {"since": 30, "until": 40, "value": 900.0},
    }
    assert (empty["ok"], empty["no_data"], empty["value"]) == (True, True, None)


def test_holds_every_number_of_the_summary() -> None:
    found = made(Ending(0))
    assert found["metrics"]["http_req_duration"]["values"]["p(95)"] == 30.0
    assert found["metrics"]["http_req_duration"]["contains"] == "time"
    assert isinstance(found["metrics"]["http_reqs"]["values"]["count"], int)
    assert found["endpoints"][0]["name"] == "list"
    assert found["endpoints"][0]["failed"] == 0.025
    assert found["checks"][0] == {"name": "status is 200", "passes": 39, "fails": 1}
    assert found["statuses"] == {"200": 39, "503": 1}
    assert found["never_fed"] == ["lost"]
    assert found["generator"]["state"] == "starting"


def test_holds_each_scenario_and_group_by_itself() -> None:
    section = Section("group", "::shop", {"is sold": (3, 1)}, (FINAL.results[0],))
    final = msgspec.structs.replace(FINAL, sections=(section,))
    (found,) = document(final, Ending(0), loadtui="1")["sections"]
    assert (found["kind"], found["name"]) == ("group", "::shop")
    assert found["checks"] == [{"name": "is sold", "passes": 3, "fails": 1}]
    assert list(found["metrics"]) == [FINAL.results[0].name]


def test_names_what_ended_the_run_early() -> None:
    found = made(Ending(111, unlifted=("latency on payments",)))
    assert (found["verdict"], found["not_lifted"]) == ("not lifted", ["latency on payments"])
    assert made(Ending(107, "no worker"))["error"] == "no worker"
    assert [made(Ending(code))["verdict"] for code in (0, 105, 107, 108)] == [
        "passed",
        "interrupted",
        "error",
        "aborted",
    ]


def test_tells_a_rehearsal_and_what_the_profile_found() -> None:
    assert (made(Ending(0))["rehearsal"], made(Ending(0))["findings"]) == (False, [])
    found = Finding("recovery", "after the spike: …", ok=True, values={"seconds": 12.0})
    final = msgspec.structs.replace(FINAL, profile="spike", time_scale=60.0, findings=(found,))
    told = json.loads(encoded(document(final, Ending(0), loadtui="1.2.3")))
    assert (told["profile"], told["rehearsal"], told["time_scale"]) == ("spike", True, 60)
    assert told["findings"] == [
        {"about": "recovery", "text": "after the spike: …", "ok": True, "values": {"seconds": 12}}
    ]
