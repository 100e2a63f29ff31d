"""Toxics that both servers refuse, and the order of the checks."""

from __future__ import annotations

import pytest

from tests.support.toxiproxy_answers import (
    ERROR,
    Case,
    Given,
    check,
    refused,
)
from tests.support.toxiproxy_pair import Toxi

MADE = (("POST /proxies", '{"name":"p","listen":"127.0.0.1:$a","upstream":"localhost:1"}'),)
ADD = "POST /proxies/p/toxics"
WITH_SLOW: tuple[Given, ...] = (*MADE, (ADD, '{"type":"latency","attributes":{"latency":100}}'))
EOF = refused("bad request body: EOF", 400)
EXISTS = refused("toxic already exists", 409)
NO_STREAM = refused("stream was invalid, can be either upstream or downstream", 400)
NO_TYPE = refused("invalid toxic type", 400)


def mismatch(got: str, where: str, wanted: str) -> str:
    return refused(f"bad request body: json: cannot unmarshal {got} into Go {where} {wanted}", 400)


def no_int(got: str) -> str:
    return mismatch(got, "struct field LatencyToxic.attributes.latency", "of type int64")


def bad(name: str, body: str, status: int, answer: str) -> Case:
    return Case(name, ADD, body, status, answer, ERROR, WITH_SLOW)


REFUSED = [
    bad("a name twice", '{"type":"latency"}', 409, EXISTS),
    bad(
        "a name twice, on the other stream",
        '{"name":"latency_downstream","type":"noop","stream":"upstream"}',
        409,
        EXISTS,
    ),
    bad(
        "a name twice with a bad attribute: the name counts",
        '{"type":"latency","attributes":{"latency":"x"}}',
        409,
        EXISTS,
    ),
    bad("a type that does not exist", '{"type":"down"}', 400, NO_TYPE),
    bad("no type", "{}", 400, NO_TYPE),
    bad("null", "null", 400, NO_TYPE),
    bad("a type in capitals", '{"type":"LATENCY"}', 400, NO_TYPE),
    bad("a stream that does not exist", '{"type":"latency","stream":"sideways"}', 400, NO_STREAM),
    bad("an empty stream", '{"type":"latency","stream":""}', 400, NO_STREAM),
    bad(
        "neither stream nor type exists: the stream counts",
        '{"type":"down","stream":"sideways"}',
        400,
        NO_STREAM,
    ),
    bad(
        "a bad type and a name twice: the type counts",
        '{"type":"down","name":"latency_downstream"}',
        400,
        NO_TYPE,
    ),
    bad("an empty body", "", 400, EOF),
    bad("a body cut short", '{"type":', 400, refused("bad request body: unexpected EOF", 400)),
    bad(
        "an attribute in quotes",
        '{"type":"latency","name":"a","attributes":{"latency":"100"}}',
        400,
        no_int("string"),
    ),
    bad(
        "half a millisecond",
        '{"type":"latency","name":"a","attributes":{"latency":1.5}}',
        400,
        no_int("number 1.5"),
    ),
    bad(
        "1e3 is no whole number",
        '{"type":"latency","name":"a","attributes":{"latency":1e3}}',
        400,
        no_int("number 1e3"),
    ),
    bad(
        "a number too large",
        '{"type":"latency","name":"a","attributes":{"latency":9223372036854775808}}',
        400,
        no_int("number 9223372036854775808"),
    ),
    bad(
        "true for a number",
        '{"type":"latency","name":"a","attributes":{"latency":true}}',
        400,
        no_int("bool"),
    ),
    bad(
        "toxicity in quotes",
        '{"type":"latency","name":"a","toxicity":"0.5"}',
        400,
        mismatch("string", "struct field ToxicWrapper.toxicity", "of type float32"),
    ),
    bad(
        "a number for a type",
        '{"type":5}',
        400,
        mismatch("number", "struct field ToxicWrapper.type", "of type string"),
    ),
    bad(
        "attributes in an array",
        '{"type":"latency","name":"a","attributes":[]}',
        400,
        mismatch("array", "struct field ToxicWrapper.attributes", "of type toxics.NoopToxic"),
    ),
    bad(
        "of two mismatches the first counts",
        '{"type":"latency","attributes":5,"name":{}}',
        400,
        mismatch("number", "struct field ToxicWrapper.attributes", "of type toxics.NoopToxic"),
    ),
    bad(
        "an array",
        '[{"type":"latency"}]',
        400,
        mismatch("array", "value", "of type toxics.ToxicWrapper"),
    ),
]


@pytest.mark.parametrize("case", REFUSED, ids=str)
async def test_a_toxic_is_refused(server: Toxi, case: Case) -> None:
    await check(server, case)
    found = (await server.must("GET /proxies/p/toxics")).json()
    assert [toxic["name"] for toxic in found] == ["latency_downstream"]
