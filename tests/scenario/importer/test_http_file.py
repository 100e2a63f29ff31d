from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import BadInput
from loadtui.load.head import Call
from loadtui.load.prepared import PreparedRequest
from loadtui.load.values import Sources, Values
from loadtui.model.scenario import Scenario
from loadtui.scenario.importer.http_file import from_http
from loadtui.scenario.importer.write import written
from loadtui.scenario.load import load

FILE = """@host = http://127.0.0.1:3000
@key = k-1

### all orders
GET {{host}}/api/orders
  ?page=1
  &size=20
x-api-key: {{key}}

### make one
# @name create
POST {{host}}/api/orders HTTP/1.1
Content-Type: application/json
x-trace: {{$guid}}
authorization: Bearer {{token}}

{"customer": "c-1",
 "n": 2}

> {%
  client.global.set("id", response.body.id)
%}

###
POST {{host}}/api/raw
Content-Type: application/json

{"n": {{$randomInt 3 3}}, "who": "{{who}}"}

###
{{host}}/plain
###
what is this
"""


def no_file(name: str) -> str:
    raise BadInput(f"there is no text file {name}")


def imported(tmp_path: Path, text: str, **env: str) -> tuple[Scenario, list[str]]:
    found = from_http(text, no_file)
    file = tmp_path / "made.yaml"
    file.write_text(written(found, source="http"))
    return load(file, env=env), [each.told("f") for each in found.skipped]


def call(scenario: Scenario, which: int) -> Call:
    request = PreparedRequest(scenario.requests[which])
    return request.call or request.build(Values(1, Sources(Random(1), Random(2), lambda: 0.0)))


def test_what_the_editor_would_send(tmp_path: Path) -> None:
    made, skipped = imported(tmp_path, FILE, token="t-1")
    assert [each.name for each in made.requests] == [
        "all orders", "create", "POST /api/raw", "GET /plain",
    ]  # fmt: skip
    assert call(made, 0).target == "/api/orders?page=1&size=20"
    assert call(made, 0).header("x-api-key") == "k-1"
    assert call(made, 1).body == b'{"customer":"c-1","n":2}'
    assert call(made, 1).header("authorization") == "Bearer t-1"
    assert len(call(made, 1).header("x-trace")) == 36
    assert call(made, 2).body == b'{"n": 3, "who": "who"}'
    assert call(made, 3).method == "GET"
    assert [each.split(": ")[0] for each in skipped] == ["f:15", "f:20", "f:28", "f:33"]


def test_the_files_variables_can_be_set_from_outside(tmp_path: Path) -> None:
    made, _ = imported(tmp_path, FILE, host="http://127.0.0.2:81", key="k-2")
    assert call(made, 0).origin.authority == "127.0.0.2:81"
    assert call(made, 0).header("x-api-key") == "k-2"


def test_a_base_that_only_the_editor_knows(tmp_path: Path) -> None:
    made, skipped = imported(tmp_path, "GET {{base}}/x\n")
    assert call(made, 0).target == "/x"
    assert "-e base=" in skipped[0]


def test_a_body_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    _, skipped = imported(tmp_path, "POST http://h/x\n\n< ./body.json\n")
    assert skipped == ["f:3: the body is left out: there is no text file ./body.json"]


@pytest.mark.parametrize("text", ["", "###\n###\n", "@a = {{b}}\n", "hello world\n"])
def test_no_request_at_all_is_one_clear_message(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match="no request was found"):
        imported(tmp_path, text)


@settings(max_examples=40)
@given(st.text(st.sampled_from("GET POST http://h/ {}@$:#<>%=\n\r?&x1\0\ud800é"), max_size=80))
def test_hostile_text_is_refused_or_written(text: str) -> None:
    found = from_http(f"GET http://h/{text}", no_file)
    try:
        written(found, source="http")
    except BadInput:
        assert not found.requests
