from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import BadInput
from loadtui.load.prepared import PreparedRequest
from loadtui.model.scenario import Scenario
from loadtui.scenario.importer.har import Wanted, from_har
from loadtui.scenario.importer.write import written
from loadtui.scenario.load import load

PLAIN = Wanted()
SITE = "http://127.0.0.1:3000"


def entry(url: str, at: float = 0, lasts: float = 0.1, **more: Any) -> dict[str, Any]:
    request = {"method": more.get("method", "GET"), "url": url}
    request["headers"] = [{"name": k, "value": v} for k, v in more.get("headers", {}).items()]
    if "body" in more:
        request["postData"] = {"mimeType": more["kind"], "text": more["body"]}
    content = {"mimeType": more.get("answer", "application/json")}
    return {
        "startedDateTime": f"2026-01-01T10:00:{at:06.3f}Z",
        "time": lasts * 1000,
        "request": request,
        "response": {"status": more.get("status", 200), "content": content},
    }


def imported(
    tmp_path: Path, *entries: object, wanted: Wanted = PLAIN
) -> tuple[Scenario, list[str], str]:
    text = json.dumps({"log": {"entries": list(entries)}}, indent=1)
    found = from_har(text, wanted)
    yaml = written(found, source="har")
    file = tmp_path / "made.yaml"
    file.write_text(yaml)
    return load(file, env={}), [each.told("f") for each in found.skipped], yaml


def test_requests_in_order_with_think_time_and_checks(tmp_path: Path) -> None:
    made, skipped, _ = imported(
        tmp_path,
        entry(f"{SITE}/b", at=2.1, status=404),
        entry(f"{SITE}/a", at=0, lasts=0.6),
        entry(f"{SITE}/c", at=2.15),
    )
    assert [each.name for each in made.requests] == ["GET /a", "GET /b", "GET /c"]
    assert [each.think.low for each in made.requests] == [1.5, 0, 0]
    assert [len(each.checks) for each in made.requests] == [1, 0, 1]
    assert skipped == []


def test_other_hosts_and_assets_are_named_unless_asked_for(tmp_path: Path) -> None:
    entries = (
        entry(f"{SITE}/a"),
        entry(f"{SITE}/b"),
        entry("http://ads.example/x"),
        entry(f"{SITE}/logo", answer="image/png"),
    )
    made, skipped, _ = imported(tmp_path, *entries)
    assert len(made.requests) == 2
    assert "--host ads.example" in skipped[0]
    assert "--assets" in skipped[1]
    everything = Wanted(assets=True, hosts=("127.0.0.1", "ads.example"))
    assert len(imported(tmp_path, *entries, wanted=everything)[0].requests) == 4


SECRET = entry(
    f"{SITE}/login?access_token=t0psecret&page=2",
    method="POST",
    headers={"Authorization": "Bearer t0psecret", "Cookie": "sid=t0psecret", "X-Page": "p"},
    kind="application/json",
    body='{"user": "me", "password": "t0psecret", "deep": [{"apiKey": "t0psecret"}]}',
)


def test_secrets_are_replaced_by_names_and_told(tmp_path: Path) -> None:
    made, skipped, yaml = imported(tmp_path, SECRET)
    assert "t0psecret" not in yaml
    assert "page=2" in yaml
    assert "${PASSWORD:-removed}" in yaml
    told = "\n".join(skipped)
    assert all(f"-e {name}=" in told for name in ("AUTHORIZATION", "PASSWORD", "ACCESS_TOKEN"))
    call = PreparedRequest(made.requests[0]).call
    assert call is not None
    assert call.header("authorization") == "removed"


def test_secrets_are_kept_where_they_are_asked_for(tmp_path: Path) -> None:
    made, skipped, _ = imported(tmp_path, SECRET, wanted=Wanted(secrets=True))
    call = PreparedRequest(made.requests[0]).call
    assert call is not None
    assert call.header("cookie") == "sid=t0psecret"
    assert b'"password":"t0psecret"' in call.body
    assert skipped == []


def test_a_form_is_a_form(tmp_path: Path) -> None:
    kind = "application/x-www-form-urlencoded"
    form = entry(f"{SITE}/f", method="POST", kind=kind, body="a=1&b=x+y&c=%C3%A9")
    call = PreparedRequest(imported(tmp_path, form)[0].requests[0]).call
    assert call is not None
    assert call.body == b"a=1&b=x+y&c=%C3%A9"
    assert call.header("content-type") == kind


def test_lines_are_those_of_the_entries(tmp_path: Path) -> None:
    _, skipped, _ = imported(tmp_path, entry(f"{SITE}/a"), 5, entry("ws://127.0.0.1/x"))
    first, second = (int(each.split(":")[1]) for each in skipped)
    text = json.dumps({"log": {"entries": [entry(f"{SITE}/a"), 5, 6]}}, indent=1).split("\n")
    assert text[first - 1].strip() == "5,"
    assert second == first + 1


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"log": 5}', '{"log": {"entries": {}}}', "[" * 100_000, "5"]
)
def test_what_is_no_recording_is_one_clear_message(text: str) -> None:
    with pytest.raises(BadInput, match="this is no"):
        from_har(text, Wanted())


@pytest.mark.parametrize(
    "bad",
    [
        {}, {"request": 5}, {"request": {"url": 7}}, {"request": {"url": "http://[::1/x"}},
        {"request": {"url": "http://h/", "headers": [5, {"name": 3}], "postData": []}},
        {"request": {"url": "http://h/", "method": "A B", "headers": {}}, "response": []},
        {"request": {"url": "http://u:p@h/"}, "time": "x", "startedDateTime": 7},
        {"request": {"url": "http://h/\x00\ud800"}, "time": True},
    ],
)  # fmt: skip
def test_hostile_entries_are_named_or_taken(tmp_path: Path, bad: object) -> None:
    made, skipped, _ = imported(
        tmp_path,
        entry(f"{SITE}/a"),
        bad,
        entry(f"{SITE}/b"),
        wanted=Wanted(hosts=("127.0.0.1", "h")),
    )
    assert len(made.requests) + len(skipped) >= 3
