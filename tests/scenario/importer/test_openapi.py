from __future__ import annotations

import json
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
from loadtui.scenario.importer.openapi import from_openapi
from loadtui.scenario.importer.write import written
from loadtui.scenario.load import load
from loadtui.scenario.reader import read

SHOP = """openapi: 3.0.3
info: {title: shop, version: "1"}
servers:
  - url: "http://127.0.0.1:{port}/v1/"
    variables: {port: {default: "3000"}}
security: [{key: []}]
paths:
  /orders:
    get:
      operationId: list
      parameters:
        - {name: page, in: query, required: true, schema: {type: integer, minimum: 2}}
        - {name: sort, in: query, schema: {type: string}}
      responses: {"200": {description: ok}}
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Order"}
      responses: {"201": {description: made}, "400": {description: bad}}
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {}}
    delete:
      security: [{oauth: []}]
      responses: {"204": {description: gone}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-API-Key}
    oauth: {type: oauth2}
  schemas:
    Order:
      type: object
      required: [customer, items]
      properties:
        customer: {type: string, format: uuid}
        note: {type: string}
        items: {type: array, items: {$ref: "#/components/schemas/Item"}}
    Item:
      allOf:
        - {type: object, properties: {product: {type: string, example: prod-1}}}
        - {type: object, properties: {quantity: {type: integer}, parent: {$ref: "#/components/schemas/Item"}}}
"""  # noqa: E501 - one line of a file


def imported(tmp_path: Path, text: str, **env: str) -> tuple[Scenario, list[str]]:
    found = from_openapi(text)
    file = tmp_path / "made.yaml"
    file.write_text(written(found, source="openapi"))
    return load(file, env=env), [each.told("f") for each in found.skipped]


def call(scenario: Scenario, which: int) -> Call:
    request = PreparedRequest(scenario.requests[which])
    return request.call or request.build(Values(1, Sources(Random(1), Random(2), lambda: 0.0)))


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_one_request_for_each_operation(tmp_path: Path, form: str) -> None:
    text = SHOP if form == "yaml" else json.dumps(read(SHOP).root, indent=1)
    made, skipped = imported(tmp_path, text, X_API_KEY="k-1")
    assert [each.name for each in made.requests] == ["list", "POST /orders", "DELETE /orders/{id}"]
    assert call(made, 0).target == "/v1/orders?page=2"
    assert call(made, 0).header("x-api-key") == "k-1"
    body = json.loads(call(made, 1).body)
    assert len(body["customer"]) == 36
    assert body["items"][0]["product"] == "prod-1"
    assert "note" not in body
    assert made.requests[1].checks[0].statuses == ((201, 201),)
    assert call(made, 2).target == "/v1/orders/1"
    assert ["id has no example" in skipped[0], "oauth" in skipped[1]] == [True, True]
    lines = text.split("\n")
    assert all('delete"' in line or "delete:" in line for line in
               (lines[int(each.split(":")[1]) - 1] for each in skipped))  # fmt: skip


def test_another_base_can_be_given(tmp_path: Path) -> None:
    made, _ = imported(tmp_path, SHOP, BASE_URL="http://127.0.0.2:1/v2")
    assert call(made, 0).origin.authority == "127.0.0.2:1"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"), ("[1]", "paths is missing"), ("{", "no JSON and no YAML"),
        ("openapi: 3.0.0\npaths: 5\n", "paths is missing"),
        ("openapi: 3.0.0\npaths: {}\n", "no request was found"),
        ("swagger: '2.0'\npaths: {}\n", "Swagger 2"), ("a: b: c", "no JSON and no YAML"),
        ("[" * 100_000, "no JSON and no YAML"),
    ],
)  # fmt: skip
def test_what_is_no_description_is_one_clear_message(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        imported(tmp_path, text)


ANY = st.recursive(
    st.sampled_from([None, True, 5, -1.5, "x", "#/paths", "#/components/a", "object", "${x}"]),
    lambda inside: st.lists(inside, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["$ref", "schema", "parameters", "name", "in", "content", "requestBody", "properties",
             "type", "allOf", "items", "security", "responses", "application/json", "example"]
        ),
        inside,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60)
@given(ANY, ANY)
def test_hostile_descriptions_are_refused_or_written(operation: object, components: object) -> None:
    root = {"paths": {"/a/{b}": {"get": operation, "post": {"parameters": operation,
            "requestBody": operation, "responses": operation, "security": operation}}},
            "components": {"a": components}, "servers": operation}  # fmt: skip
    found = from_openapi(json.dumps(root))
    try:
        written(found, source="openapi")
    except BadInput:
        assert not found.requests
