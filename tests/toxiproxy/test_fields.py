from __future__ import annotations

import pytest

from loadtui.toxiproxy.fields import FLOAT32, TEXT, TRUTH, Field, fill, whole
from loadtui.toxiproxy.scanner import parse

FIELDS = {"name": TEXT, "enabled": TRUTH, "toxicity": FLOAT32, "rate": Field(whole, "int64")}


@pytest.mark.parametrize(
    ("body", "filled"),
    [
        (b'{"NAME":"a","Enabled":false}', {"name": "a", "enabled": False}),
        (b'{"name":"a","name":"b"}', {"name": "b"}),
        (b'{"name":null,"unknown":[1]}', {}),
        (b'{"toxicity":1,"rate":-9223372036854775808}', {"toxicity": 1.0, "rate": -(2**63)}),
        (b'{"rate":9223372036854775807}', {"rate": 2**63 - 1}),
        (b'{"rate":-0}', {"rate": 0}),
        (b"null", {}),
    ],
)
def test_fields_are_filled_as_the_original_fills_them(
    body: bytes, filled: dict[str, object]
) -> None:
    assert fill(parse(body), FIELDS, "S.") == (filled, "")


@pytest.mark.parametrize(
    ("body", "kind", "type_"),
    [
        (b'{"name":1}', "number", "name of type string"),
        (b'{"name":[]}', "array", "name of type string"),
        (b'{"enabled":"yes"}', "string", "enabled of type bool"),
        (b'{"rate":1.5}', "number 1.5", "rate of type int64"),
        (b'{"rate":1e3}', "number 1e3", "rate of type int64"),
        (b'{"rate":9223372036854775808}', "number 9223372036854775808", "rate of type int64"),
        (b'{"rate":%s}' % (b"1" * 5000), f"number {'1' * 5000}", "rate of type int64"),
        (b'{"rate":"1"}', "string", "rate of type int64"),
        (b'{"toxicity":3.4028236e38}', "number 3.4028236e38", "toxicity of type float32"),
        (b'{"toxicity":1e39}', "number 1e39", "toxicity of type float32"),
        (b'{"toxicity":{}}', "object", "toxicity of type float32"),
    ],
)
def test_the_first_that_does_not_fit_is_told_and_the_others_count(
    body: bytes, kind: str, type_: str
) -> None:
    with_more = body[:-1] + b',"NAME":"kept","enabled":3}'
    filled, error = fill(parse(with_more), FIELDS, "S.")
    assert error == f"json: cannot unmarshal {kind} into S.{type_}"
    assert filled == {"name": "kept"}
