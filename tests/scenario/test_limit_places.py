from __future__ import annotations

from pathlib import Path

from loadtui.scenario.limit_places import limit_places

BASE = """\
target: http://127.0.0.1:1
requests: [{url: /, tags: {part: a}}]
thresholds:
  http_req_failed: [rate<0.01]
"""
FILE = """\
extends: base.yaml
metrics: {lost: counter}
thresholds:
  http_req_duration:
    - p(95) < 500
    - {threshold: max<900 over  10s, abortOnFail: true}
  "http_req_duration{ part: a }": ["avg<${LIMIT:-3}", avg<4]
  lost: [count<1]
  unknown: [count<1]
"""


def test_every_rule_has_the_place_of_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "own.yaml").write_text(FILE)
    found = {
        rule: (Path(place.file).name, place.line, place.column)
        for rule, place in limit_places(tmp_path / "own.yaml").items()
    }
    assert found == {
        ("http_req_failed", "rate<0.01"): ("base.yaml", 4, 21),
        ("http_req_duration", "p(95) < 500"): ("own.yaml", 5, 7),
        ("http_req_duration", "max<900 over 10s"): ("own.yaml", 6, 7),
        ("http_req_duration{part:a}", "avg<4"): ("own.yaml", 7, 55),
        ("lost", "count<1"): ("own.yaml", 8, 10),
    }


def test_a_file_that_is_gone_has_none(tmp_path: Path) -> None:
    assert limit_places(tmp_path / "gone.yaml") == {}
