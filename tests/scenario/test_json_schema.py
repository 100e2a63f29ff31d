"""The JSON Schema against the files that the loader takes and refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from loadtui.scenario.json_schema import json_schema
from loadtui.scenario.problems import keys_of
from loadtui.scenario.schema import FilePart, LoadPart

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SCHEMA = json_schema()
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
}


def fits(value: object, rule: dict[str, Any]) -> bool:
    """Whether the rule lets a value through; the words that the schema uses, and no others."""
    if "$ref" in rule:
        return fits(value, SCHEMA["$defs"][rule["$ref"].rpartition("/")[2]])
    if "anyOf" in rule:
        return any(fits(value, each) for each in rule["anyOf"])
    if "enum" in rule or "const" in rule:
        return value in rule.get("enum", [rule.get("const")])
    kinds = rule.get("type", list(TYPES))
    if not any(is_a(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return False
    return is_inside(value, rule)


def is_inside(value: object, rule: dict[str, Any]) -> bool:
    """Whether a value of the right type keeps the rule's limits."""
    match value:
        case str():
            return re.search(rule.get("pattern", ""), value) is not None
        case list():
            items = rule.get("items", {})
            return len(value) >= rule.get("minItems", 0) and all(fits(v, items) for v in value)
        case dict():
            return is_mapping_of(value, rule)
        case int() | float():
            return bool(rule.get("minimum", value) <= value <= rule.get("maximum", value))
        case _:
            return True


def is_a(value: object, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and (isinstance(value, bool) == (kind == "boolean"))


def is_mapping_of(value: dict[str, Any], rule: dict[str, Any]) -> bool:
    known, other = rule.get("properties", {}), rule.get("additionalProperties", True)
    if any(key not in value for key in rule.get("required", [])):
        return False
    return all(
        fits(each, known[key])
        if key in known
        else other is True or (isinstance(other, dict) and fits(each, other))
        for key, each in value.items()
    )


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_scenario_that_is_shipped_fits(path: Path) -> None:
    assert fits(YAML(typ="safe").load(path), SCHEMA)


@pytest.mark.parametrize(
    "part",
    [
        {"load": {"vus": 0}},
        {"load": {"vus": "many"}},
        {"load": {"users": 5}},
        {"load": {"profile": "spik"}},
        {"load": {"executor": "constant"}},
        {"load": {"duration": 30}},
        {"load": {"duration": "30"}},
        {"load": {"stages": []}},
        {"requests": [{"name": "x"}]},
        {"requests": "shop.py"},
        {"thresholds": {"http_req_duration": []}},
        {"thresholds": {"http_req_duration": [{"abortOnFail": True}]}},
        {"metrics": {"a": "number"}},
        {"tracing": {"headers": ["x"]}},
        {"tracing": {"sample": 2}},
        {"redirects": 101},
        {"nonsense": 1},
    ],
    ids=json.dumps,
)
def test_what_the_loader_refuses_does_not_fit(part: dict[str, Any]) -> None:
    assert not fits({"requests": [{"url": "http://h"}], **part}, SCHEMA)


@pytest.mark.parametrize(
    "part",
    [
        {"load": {"vus": "${VUS:-5}", "duration": "1m30s"}},
        {"load": {"stages": ["2m:50", {"duration": "5s", "target": 0}]}},
        {"timeout": "5s"},
        {"timeout": {"connect": "500ms"}},
        {"thresholds": {"checks": ["rate>0.9", {"threshold": "rate>0.5", "abortOnFail": True}]}},
        {"journeys": {"a": "shop.py:buy", "b": [{"url": "/"}]}},
        {"extends": "other.yaml"},
        {"headers": {"x-a": 5}},
    ],
    ids=json.dumps,
)
def test_every_form_that_the_loader_takes_fits(part: dict[str, Any]) -> None:
    assert fits({"requests": [{"url": "http://h"}], **part}, SCHEMA)


def test_every_key_is_there_and_nothing_is_left_open() -> None:
    assert list(SCHEMA["properties"]) == keys_of(FilePart)
    assert list(SCHEMA["$defs"]["LoadPart"]["properties"]) == keys_of(LoadPart)
    open_keys = [
        f"{name}.{key}"
        for name, part in SCHEMA["$defs"].items()
        for key, rule in part["properties"].items()
        if not set(rule) - {"title"}
    ]
    assert open_keys == ["CheckPart.is", "RequestPart.json"]
