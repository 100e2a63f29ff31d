"""Creating, showing, changing and deleting toxics over the control API."""

from __future__ import annotations

import pytest

from tests.support.toxiproxy_answers import (
    ERROR,
    GONE,
    Case,
    Differs,
    Given,
    check,
    proxy,
    refused,
    toxic,
)
from tests.support.toxiproxy_pair import Toxi

MADE = (("POST /proxies", '{"name":"p","listen":"127.0.0.1:$a","upstream":"localhost:1"}'),)
ADD = "POST /proxies/p/toxics"
SLOW = toxic("latency", "downstream", '{"latency":100,"jitter":0}')
WITH_SLOW: tuple[Given, ...] = (*MADE, (ADD, '{"type":"latency","attributes":{"latency":100}}'))
ZERO = '{"latency":0,"jitter":0}'
EOF = refused("bad request body: EOF", 400)
NO_PROXY = refused("proxy not found", 404)
NO_TOXIC = refused("toxic not found", 404)
EXISTS = refused("toxic already exists", 409)
NO_STREAM = refused("stream was invalid, can be either upstream or downstream", 400)
NO_TYPE = refused("invalid toxic type", 400)
CRASH = "what crashes, hangs or confuses the original is refused"


def mismatch(got: str, where: str, wanted: str) -> str:
    return refused(f"bad request body: json: cannot unmarshal {got} into Go {where} {wanted}", 400)


def no_int(got: str) -> str:
    return mismatch(got, "struct field LatencyToxic.attributes.latency", "of type int64")


def added(name: str, body: str, answer: str, *, embedded: Differs | None = None) -> Case:
    return Case(name, ADD, body, 200, answer, given=MADE, embedded=embedded)


def bad(name: str, body: str, status: int, answer: str) -> Case:
    return Case(name, ADD, body, status, answer, ERROR, WITH_SLOW)


def ours_refuses(name: str, body: str, answer: str, part: str) -> Case:
    return added(name, body, answer, embedded=Differs(400, part, CRASH))


CREATE = [
    added("latency", WITH_SLOW[1][1], SLOW),
    added(
        "latency without attributes",
        '{"type":"latency"}',
        toxic("latency", "downstream", ZERO),
    ),
    added(
        "on the other stream",
        '{"type":"latency","stream":"upstream"}',
        toxic("latency", "upstream", ZERO),
    ),
    added(
        "bandwidth, its stream echoed as given, and a share of the connections",
        '{"type":"bandwidth","stream":"Upstream","toxicity":0.33,"attributes":{"rate":1000}}',
        toxic("bandwidth", "Upstream", '{"rate":1000}', toxicity="0.33"),
    ),
    added(
        "slow_close",
        '{"type": "slow_close", "attributes": {"delay": 1}}',
        toxic("slow_close", "downstream", '{"delay":1}'),
    ),
    added(
        "slow_close without attributes",
        '{"type":"slow_close"}',
        toxic("slow_close", "downstream", '{"delay":0}'),
    ),
    added(
        "timeout",
        '{"type": "timeout", "attributes": {"timeout": 1}}',
        toxic("timeout", "downstream", '{"timeout":1}'),
    ),
    added(
        "timeout without attributes",
        '{"type":"timeout"}',
        toxic("timeout", "downstream", '{"timeout":0}'),
    ),
    added(
        "reset_peer",
        '{"type": "reset_peer", "attributes": {"timeout": 1}}',
        toxic("reset_peer", "downstream", '{"timeout":1}'),
    ),
    added(
        "reset_peer without attributes",
        '{"type":"reset_peer"}',
        toxic("reset_peer", "downstream", '{"timeout":0}'),
    ),
    added(
        "slicer",
        '{"type":"slicer","attributes":{"average_size":64,"size_variation":32,"delay":10}}',
        toxic("slicer", "downstream", '{"average_size":64,"size_variation":32,"delay":10}'),
    ),
    added(
        "limit_data",
        '{"type": "limit_data", "attributes": {"bytes": 1}}',
        toxic("limit_data", "downstream", '{"bytes":1}'),
    ),
    added(
        "limit_data without attributes",
        '{"type":"limit_data"}',
        toxic("limit_data", "downstream", '{"bytes":0}'),
    ),
    added("noop", '{"type":"noop"}', toxic("noop", "downstream", "{}")),
    added(
        "noop drops every attribute",
        '{"type":"noop","attributes":{"latency":"x"}}',
        toxic("noop", "downstream", "{}"),
    ),
    added(
        "a name of its own",
        '{"type":"noop","name":"quiet"}',
        toxic("noop", "downstream", "{}", "quiet"),
    ),
    added(
        "an empty name is the default",
        '{"type":"noop","name":""}',
        toxic("noop", "downstream", "{}"),
    ),
    added(
        "attributes: null",
        '{"type":"latency","attributes":null}',
        toxic("latency", "downstream", ZERO),
    ),
    added(
        "an attribute of null",
        '{"type":"latency","attributes":{"latency":null}}',
        toxic("latency", "downstream", ZERO),
    ),
    added(
        "stream and toxicity: null",
        '{"type":"latency","stream":null,"toxicity":null}',
        toxic("latency", "downstream", ZERO),
    ),
    added(
        "unknown attributes are dropped",
        '{"type":"latency","attributes":{"latency":5,"bogus":"x"}}',
        toxic("latency", "downstream", '{"latency":5,"jitter":0}'),
    ),
    added(
        "keys in any case",
        '{"TYPE":"latency","Stream":"upstream","ATTRIBUTES":{"Latency":5}}',
        toxic("latency", "upstream", '{"latency":5,"jitter":0}'),
    ),
    added(
        "toxicity 0",
        '{"type":"noop","toxicity":0}',
        toxic("noop", "downstream", "{}", toxicity="0"),
    ),
    added(
        "toxicity 1.0 is 1",
        '{"type":"noop","toxicity":1.0}',
        toxic("noop", "downstream", "{}", toxicity="1"),
    ),
    added(
        "toxicity is a float of 32 bits",
        '{"type":"noop","toxicity":0.123456789}',
        toxic("noop", "downstream", "{}", toxicity="0.12345679"),
    ),
    added("data after the value is ignored", '{"type":"noop"}{', toxic("noop", "downstream", "{}")),
]

DIFFERENT = [
    ours_refuses(
        "a negative latency",
        '{"type":"latency","attributes":{"latency":-5,"jitter":0}}',
        toxic("latency", "downstream", '{"latency":-5,"jitter":0}'),
        "latency",
    ),
    ours_refuses(
        "a negative jitter",
        '{"type":"latency","attributes":{"jitter":-1}}',
        toxic("latency", "downstream", '{"latency":0,"jitter":-1}'),
        "jitter",
    ),
    ours_refuses(
        "a jitter that panics",
        '{"type":"latency","attributes":{"jitter":4611686018427387904}}',
        toxic("latency", "downstream", '{"latency":0,"jitter":4611686018427387904}'),
        "jitter",
    ),
    ours_refuses(
        "a toxicity above 1",
        '{"type":"noop","toxicity":7}',
        toxic("noop", "downstream", "{}", toxicity="7"),
        "toxicity",
    ),
    ours_refuses(
        "a toxicity below 0",
        '{"type":"noop","toxicity":-1}',
        toxic("noop", "downstream", "{}", toxicity="-1"),
        "toxicity",
    ),
    ours_refuses(
        "bandwidth without a rate",
        '{"type":"bandwidth"}',
        toxic("bandwidth", "downstream", '{"rate":0}'),
        "rate",
    ),
    ours_refuses(
        "a negative rate",
        '{"type":"bandwidth","attributes":{"rate":-1}}',
        toxic("bandwidth", "downstream", '{"rate":-1}'),
        "rate",
    ),
    ours_refuses(
        "a slicer without sizes",
        '{"type":"slicer"}',
        toxic("slicer", "downstream", '{"average_size":0,"size_variation":0,"delay":0}'),
        "average_size",
    ),
    ours_refuses(
        "a slicer that varies by more than its size",
        '{"type":"slicer","attributes":{"average_size":1,"size_variation":5}}',
        toxic("slicer", "downstream", '{"average_size":1,"size_variation":5,"delay":0}'),
        "size_variation",
    ),
    ours_refuses(
        "a negative limit",
        '{"type":"limit_data","attributes":{"bytes":-1}}',
        toxic("limit_data", "downstream", '{"bytes":-1}'),
        "bytes",
    ),
    ours_refuses(
        "a negative timeout",
        '{"type":"timeout","attributes":{"timeout":-1}}',
        toxic("timeout", "downstream", '{"timeout":-1}'),
        "timeout",
    ),
]

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
        "an array",
        '[{"type":"latency"}]',
        400,
        mismatch("array", "value", "of type toxics.ToxicWrapper"),
    ),
]

ALL = (
    *WITH_SLOW,
    (ADD, '{"type":"noop","stream":"upstream"}'),
    (ADD, '{"type":"noop"}'),
    (ADD, '{"type":"timeout","stream":"UPSTREAM","name":"a"}'),
)
LISTED = (
    toxic("noop", "upstream", "{}"),
    toxic("timeout", "UPSTREAM", '{"timeout":0}', "a"),
    SLOW,
    toxic("noop", "downstream", "{}"),
)
T = "/proxies/p/toxics/latency_downstream"

SHOW = [
    Case("no toxics", "GET /proxies/p/toxics", None, 200, "[]", given=MADE),
    Case(
        "upstream first, each stream in the order of making",
        "GET /proxies/p/toxics",
        None,
        200,
        f"[{','.join(LISTED)}]",
        given=ALL,
    ),
    Case(
        "with their proxy",
        "GET /proxies/p",
        None,
        200,
        proxy("p", "127.0.0.1:$a", "localhost:1", *LISTED),
        given=ALL,
    ),
    Case("one", f"GET {T}", None, 200, SLOW, given=WITH_SLOW),
    Case("no such toxic", "GET /proxies/p/toxics/none", None, 404, NO_TOXIC, ERROR, MADE),
    Case("toxics of no proxy", "GET /proxies/none/toxics", None, 404, NO_PROXY, ERROR),
    Case("a toxic of no proxy", "GET /proxies/none/toxics/t", None, 404, NO_PROXY, ERROR),
    Case("added to no proxy", "POST /proxies/none/toxics", "{}", 404, NO_PROXY, ERROR),
    Case("deleted", f"DELETE {T}", None, 204, "", GONE, WITH_SLOW),
    Case(
        "deleted twice",
        f"DELETE {T}",
        None,
        404,
        NO_TOXIC,
        ERROR,
        (*WITH_SLOW, (f"DELETE {T}", "")),
    ),
    Case("deleted of no proxy", "DELETE /proxies/none/toxics/t", None, 404, NO_PROXY, ERROR),
    Case(
        "a name in percent signs",
        "GET /proxies/p/toxics/a%20%25%3F",
        None,
        200,
        toxic("noop", "downstream", "{}", "a %?"),
        given=(*MADE, (ADD, '{"type":"noop","name":"a %?"}')),
    ),
    Case(
        "a toxic made anew goes last",
        "GET /proxies/p/toxics",
        None,
        200,
        f"[{LISTED[3]},{SLOW}]",
        given=(*WITH_SLOW, (ADD, '{"type":"noop"}'), (f"DELETE {T}", ""), WITH_SLOW[1]),
    ),
]


def patched(name: str, body: str, attributes: str, toxicity: str = "1", how: str = "PATCH") -> Case:
    answer = toxic("latency", "downstream", attributes, toxicity=toxicity)
    return Case(name, f"{how} {T}", body, 200, answer, given=WITH_SLOW)


KEPT = '{"latency":100,"jitter":0}'
CHANGE = [
    patched("attributes are merged", '{"attributes":{"jitter":20}}', '{"latency":100,"jitter":20}'),
    patched(
        "POST changes too", '{"attributes":{"latency":7}}', '{"latency":7,"jitter":0}', how="POST"
    ),
    patched("toxicity alone", '{"toxicity":0.5}', KEPT, "0.5"),
    patched("nothing", "{}", KEPT),
    patched("null", "null", KEPT),
    patched("attributes: null", '{"attributes":null}', KEPT),
    patched("toxicity: null", '{"toxicity":null}', KEPT),
    patched(
        "name, type and stream are ignored", '{"name":"z","type":"noop","stream":"upstream"}', KEPT
    ),
    patched(
        "keys in any case",
        '{"Attributes":{"LATENCY":9},"TOXICITY":0.25}',
        '{"latency":9,"jitter":0}',
        "0.25",
    ),
    Case("an empty body", f"PATCH {T}", "", 400, EOF, ERROR, WITH_SLOW),
    Case(
        "a bad attribute",
        f"PATCH {T}",
        '{"attributes":{"latency":"x"}}',
        400,
        no_int("string"),
        ERROR,
        WITH_SLOW,
    ),
    Case("no such toxic", "PATCH /proxies/p/toxics/none", "{}", 404, NO_TOXIC, ERROR, MADE),
    Case("a toxic of no proxy", "PATCH /proxies/none/toxics/t", "{}", 404, NO_PROXY, ERROR),
    Case(
        "no such toxic counts first",
        "PATCH /proxies/p/toxics/none",
        "nonsense",
        404,
        NO_TOXIC,
        ERROR,
        MADE,
    ),
]


@pytest.mark.parametrize("case", CREATE, ids=str)
async def test_a_toxic_is_created(server: Toxi, case: Case) -> None:
    await check(server, case)


@pytest.mark.parametrize("case", DIFFERENT, ids=str)
async def test_ours_refuses_what_the_original_should(server: Toxi, case: Case) -> None:
    await check(server, case)


@pytest.mark.parametrize("case", REFUSED, ids=str)
async def test_a_toxic_is_refused(server: Toxi, case: Case) -> None:
    await check(server, case)
    found = (await server.must("GET /proxies/p/toxics")).json()
    assert [toxic["name"] for toxic in found] == ["latency_downstream"]


@pytest.mark.parametrize("case", SHOW, ids=str)
async def test_toxics_are_shown_and_deleted(server: Toxi, case: Case) -> None:
    await check(server, case)


@pytest.mark.parametrize("case", CHANGE, ids=str)
async def test_a_toxic_is_changed(server: Toxi, case: Case) -> None:
    await check(server, case)
