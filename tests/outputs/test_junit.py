from __future__ import annotations

from xml.etree import ElementTree as ET

import msgspec

from loadtui.model.ending import Ending
from loadtui.model.finding import Finding
from loadtui.outputs.junit import document
from tests.outputs.verdicts import FINAL


def cases(ending: Ending) -> dict[str, str]:
    """Test case → what it is: "" passed, else the kind and its message."""
    root = ET.fromstring(document(FINAL, ending))  # noqa: S314 - our own text
    out = {}
    for case in root.iter("testcase"):
        why = next(iter(case), None)
        said = "" if why is None else f"{why.tag}: {why.get('message')}".replace("\u00a0", " ")
        out[f"{case.get('classname')}: {case.get('name')}"] = said
    return out


def test_a_case_for_each_threshold_each_check_and_the_run() -> None:
    assert cases(Ending(99)) == {
        "thresholds: p(95)<500": "",
        "thresholds: p(95)<500 over 10s": "failure: failed in 2 of 5 windows:"
        " first 612 ms at 0:10–0:20, worst 900 ms at 0:30–0:40",
        "thresholds: checks{check:gone} rate>0.9": "skipped: no data",
        "checks: status is 200": "failure: 1 of 40 failed",
        "checks: has id": "",
        "run: came to its end": "",
    }
    root = ET.fromstring(document(FINAL, Ending(99)))  # noqa: S314 - our own text
    counted = [root.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counted == ["6", "2", "0", "1"]


def test_no_data_fails_where_that_fails_the_run() -> None:
    found = cases(Ending(99, strict=True))
    assert found["thresholds: checks{check:gone} rate>0.9"] == "failure: no data"


def test_a_run_that_ended_early_is_an_error() -> None:
    said = cases(Ending(105))["run: came to its end"]
    assert said == "error: interrupted (exit code 105)"
    said = cases(Ending(107, "nothing answered"))["run: came to its end"]
    assert said == "error: nothing answered (exit code 107)"


def test_hostile_names_stay_text_and_secrets_stay_hidden() -> None:
    text = document(FINAL, Ending(0), hide=lambda said: said.replace("status", "•••")).decode()
    assert 'name="orders \\x1b[2J &lt;&amp;&gt;"' in text
    assert "••• is 200" in text
    assert "\x1b" not in text


def test_what_a_profile_found_stands_beside_the_cases() -> None:
    found = (Finding("knee", "knee: 40 VUs"), Finding("break", "a"), Finding("break", "b \x1b"))
    final = msgspec.structs.replace(FINAL, findings=found, profile="breakpoint", time_scale=60.0)
    root = ET.fromstring(document(final, Ending(99)))  # noqa: S314 - our own text
    named = {each.get("name"): each.get("value") for each in root.iter("property")}
    assert named == {
        "rehearsal": "true",
        "profile": "breakpoint",
        "knee": "knee: 40 VUs",
        "break": "a",
        "break-2": "b \\x1b",
    }
    assert [each.text for each in root.iter("system-out")] == ["knee: 40 VUs\na\nb \\x1b"]
