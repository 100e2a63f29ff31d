from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import BadInput
from loadtui.load.head import Call
from loadtui.load.prepared import PreparedRequest
from loadtui.load.values import Sources, Values
from loadtui.model.scenario import Scenario
from loadtui.scenario.importer.curl import from_curl
from loadtui.scenario.importer.write import written
from loadtui.scenario.load import load


def no_file(name: str) -> str:
    raise BadInput(f"there is no text file {name}")


def imported(tmp_path: Path, text: str, **files: str) -> tuple[Scenario, list[str]]:
    found = from_curl(text, lambda name: files[name] if name in files else no_file(name))
    file = tmp_path / "made.yaml"
    file.write_text(written(found, source="curl"))
    return load(file, env={}), [each.told("f") for each in found.skipped]


def call(scenario: Scenario, which: int = 0) -> Call:
    from random import Random

    request = PreparedRequest(scenario.requests[which])
    return request.call or request.build(Values(1, Sources(Random(1), Random(2), lambda: 0.0)))


URL = "http://127.0.0.1:3000/api/orders"


@pytest.mark.parametrize(
    ("flags", "method", "target", "body"),
    [
        ("", "GET", "/api/orders", ""),
        ("-X DELETE", "DELETE", "/api/orders", ""),
        ("-XPUT -d a=1", "PUT", "/api/orders", "a=1"),
        ("-d a=1 -d b=2", "POST", "/api/orders", "a=1&b=2"),
        ("-G -d a=1 --data-urlencode 'b=2 3'", "GET", "/api/orders?a=1&b=2+3", ""),
        ("--data-raw '@x'", "POST", "/api/orders", "@x"),
        ("-d @body", "POST", "/api/orders", "onetwo"),
        ("--data-binary @body", "POST", "/api/orders", "one\ntwo"),
        ("""--json '{"a": 1}'""", "POST", "/api/orders", '{"a":1}'),
        ("-F a=1 -F 'b=x y'", "POST", "/api/orders", "a=1&b=x+y"),
        ("-I", "HEAD", "/api/orders", ""),
        ("-sSLk --compressed", "GET", "/api/orders", ""),
        (r"--data-raw $'{\'q\': \u0041\n}'", "POST", "/api/orders", "{'q': A\n}"),
        ("-d 'x=${HOME}'", "POST", "/api/orders", "x=${HOME}"),
    ],
)
def test_what_curl_would_send(
    tmp_path: Path, flags: str, method: str, target: str, body: str
) -> None:
    sent = call(imported(tmp_path, f"curl {flags} '{URL}'", body="one\ntwo")[0])
    assert (sent.method, sent.target, sent.body.decode()) == (method, target, body)


@pytest.mark.parametrize(
    ("flags", "name", "value"),
    [
        ("-H 'X-A: b'", "x-a", "b"),
        ("-u me:secret", "authorization", "Basic bWU6c2VjcmV0"),
        ("-b 'a=1; b=2'", "cookie", "a=1; b=2"),
        ("-A agent/1", "user-agent", "agent/1"),
        ("-d a=1", "content-type", "application/x-www-form-urlencoded"),
        ("--json '{}'", "content-type", "application/json"),
        (
            "--json '[1]' -H 'Content-Type: application/vnd+json'",
            "content-type",
            "application/vnd+json",
        ),
    ],
)
def test_headers(tmp_path: Path, flags: str, name: str, value: str) -> None:
    assert call(imported(tmp_path, f"curl {URL} {flags}")[0]).header(name) == value


def test_a_command_as_a_browser_copies_it(tmp_path: Path) -> None:
    text = f"""curl '{URL}?a=b%20c' \\
  -H 'accept: application/json' \\
  -H 'content-type: application/json' \\
  --data-raw '{{"items":[{{"id":"p-1","n":2}}],"note":"it'\\''s"}}' \\
  --compressed ;
"""
    scenario, skipped = imported(tmp_path, text)
    assert call(scenario).body == b'{"items":[{"id":"p-1","n":2}],"note":"it\'s"}'
    assert skipped == []


def test_several_commands_and_next_are_one_iteration(tmp_path: Path) -> None:
    text = f"# orders\ncurl {URL}\n\ncurl {URL}/1 --next -X POST {URL}/2\n"
    scenario, skipped = imported(tmp_path, text)
    assert [each.name for each in scenario.requests] == [
        "GET /api/orders", "GET /api/orders/1", "POST /api/orders/2",
    ]  # fmt: skip
    assert skipped == []


def test_same_requests_get_names_of_their_own(tmp_path: Path) -> None:
    scenario, _ = imported(tmp_path, f"curl {URL}\ncurl {URL}\n")
    assert [each.name for each in scenario.requests] == ["GET /api/orders", "GET /api/orders (2)"]


def test_what_is_left_out_is_named_with_its_line(tmp_path: Path) -> None:
    text = (
        f"curl {URL} --proxy http://p:1 | jq .\nwget x\ncurl -F f=@photo.png {URL}\ncurl ftp://h/x"
    )
    _, skipped = imported(tmp_path, text)
    assert [each.split(":")[1] for each in skipped] == ["1", "1", "2", "3", "3", "4"]
    assert "jq" in skipped[0]
    assert "--proxy" in skipped[1]
    assert "photo.png" in skipped[3]
    assert "ftp" in skipped[5]


def test_any_certificate_is_taken_where_curl_takes_it(tmp_path: Path) -> None:
    assert not imported(tmp_path, f"curl -k {URL}")[0].tls.verify


def test_nothing_to_take_is_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no request was found"):
        imported(tmp_path, "hello\n")


@settings(max_examples=40)
@given(st.text(st.sampled_from("curl -XHdFG@'\"\\$\n\r\t{}[]:=/&;|#é\0\ud800http1.0"), max_size=60))
def test_hostile_text_is_refused_or_written(text: str) -> None:
    found = from_curl(f"curl http://h/{text}", no_file)
    try:
        written(found, source="curl")
    except BadInput:
        assert not found.requests
