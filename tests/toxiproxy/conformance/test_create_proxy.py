"""Creating proxies over the control API."""

from __future__ import annotations

import pytest

from tests.support.toxiproxy_answers import (
    ERROR,
    Case,
    Differs,
    check,
    proxy,
    refused,
)
from tests.support.toxiproxy_pair import Toxi

P = '{"name":"p","listen":"127.0.0.1:$a","upstream":"localhost:1"}'
MADE = (("POST /proxies", P),)
SHOWN = proxy("p", "127.0.0.1:$a")
IN_USE = refused("listen tcp 127.0.0.1:$a: bind: address already in use", 500)
EOF = refused("bad request body: EOF", 400)
CUT = refused("bad request body: unexpected EOF", 400)
WORDING = "Go words its syntax errors anew in every few versions"


def made(name: str, body: str, answer: str) -> Case:
    return Case(name, "POST /proxies", body, 201, answer)


def bad(name: str, body: str, status: int, answer: str, *, embedded: Differs | None = None) -> Case:
    return Case(name, "POST /proxies", body, status, answer, ERROR, MADE, embedded=embedded)


def of_type(got: str, where: str, wanted: str) -> str:
    return refused(
        f"bad request body: json: cannot unmarshal {got} into Go {where} of type {wanted}", 400
    )


CREATE = [
    made("made", P, SHOWN),
    made(
        "listen is resolved",
        '{"name":"p","listen":"localhost:$a","upstream":"localhost:1"}',
        SHOWN,
    ),
    made(
        "port 0 is any port",
        '{"name":"p","listen":"127.0.0.1:0","upstream":"localhost:1"}',
        proxy("p", "127.0.0.1:$any"),
    ),
    made(
        "disabled: listen is not resolved",
        '{"name":"p","listen":"localhost:$a","upstream":"localhost:1","enabled":false}',
        proxy("p", "localhost:$a", enabled=False),
    ),
    made(
        "disabled: port 0 stays",
        '{"name":"p","listen":"localhost:0","upstream":"localhost:1","enabled":false}',
        proxy("p", "localhost:0", enabled=False),
    ),
    made(
        "an upstream is not validated",
        '{"name":"p","listen":"127.0.0.1:$a","upstream":"not a host"}',
        proxy("p", "127.0.0.1:$a", "not a host"),
    ),
    made(
        "unknown fields and toxics are ignored",
        '{"name":"p","listen":"127.0.0.1:$a","upstream":"u:1","x":1,"toxics":[{"type":"latency"}]}',
        proxy("p", "127.0.0.1:$a", "u:1"),
    ),
    made(
        "keys in any case",
        '{"NAME":"p","Listen":"127.0.0.1:$a","UPSTREAM":"u:1"}',
        proxy("p", "127.0.0.1:$a", "u:1"),
    ),
    made("data after the value is ignored", P + '{"name":"q"}', SHOWN),
    made("nonsense after the value is ignored", P + " nonsense", SHOWN),
    made("blanks before the value", " \n\t" + P, SHOWN),
    made(
        "of two equal keys the last counts",
        '{"name":"o","name":"p","listen":"127.0.0.1:$a","upstream":"localhost:1"}',
        SHOWN,
    ),
    made(
        "enabled: null is the default",
        '{"name":"p","listen":"127.0.0.1:$a","upstream":"localhost:1","enabled":null}',
        SHOWN,
    ),
    made(
        "escapes in a name",
        '{"name":"p 8<&>","listen":"127.0.0.1:$a","upstream":"localhost:1"}',
        proxy("p 8<&>", "127.0.0.1:$a"),
    ),
    made(
        "letters in a name",
        '{"name":"zürich→北京","listen":"127.0.0.1:$a","upstream":"localhost:1"}',
        proxy("zürich→北京", "127.0.0.1:$a"),
    ),
    made(
        "quotes in a name",
        '{"name":"a\\"b\\\\c","listen":"127.0.0.1:$a","upstream":"localhost:1"}',
        proxy('a"b\\c', "127.0.0.1:$a"),
    ),
    made(
        "an IPv6 address",
        '{"name":"p","listen":"[::1]:$a","upstream":"localhost:1"}',
        proxy("p", "[::1]:$a"),
    ),
]

REFUSED = [
    bad("a name twice", P, 409, refused("proxy already exists", 409)),
    bad(
        "a name twice, and a port in use: the name counts",
        P.replace("localhost:1", "localhost:2"),
        409,
        refused("proxy already exists", 409),
    ),
    bad("a port in use", P.replace('"p"', '"q"'), 500, IN_USE),
    bad("no name", '{"listen":"a:0"}', 400, refused("missing required field: name", 400)),
    bad(
        "an empty name",
        '{"name":"","upstream":"u:1"}',
        400,
        refused("missing required field: name", 400),
    ),
    bad(
        "name: null",
        '{"name":null,"upstream":"u:1"}',
        400,
        refused("missing required field: name", 400),
    ),
    bad("null", "null", 400, refused("missing required field: name", 400)),
    bad(
        "no upstream",
        '{"name":"q","listen":"a:0"}',
        400,
        refused("missing required field: upstream", 400),
    ),
    bad(
        "no upstream and a name twice: the upstream counts",
        '{"name":"p"}',
        400,
        refused("missing required field: upstream", 400),
    ),
    bad("an empty body", "", 400, EOF),
    bad("a blank body", "  \n", 400, EOF),
    bad("a body cut short", '{"name":', 400, CUT),
    bad("a string cut short", '{"name":"p', 400, CUT),
    bad(
        "nonsense",
        "nonsense",
        400,
        refused("bad request body: invalid character 'o' in literal null (expecting 'u')", 400),
        embedded=Differs(400, '{"error":"bad request body: invalid character', WORDING),
    ),
    bad(
        "a comma too many",
        '{"name":"q",}',
        400,
        refused(
            "bad request body: invalid character '}' looking for beginning of object key string",
            400,
        ),
        embedded=Differs(400, '{"error":"bad request body: invalid character', WORDING),
    ),
    bad(
        "single quotes",
        "{'name':'q'}",
        400,
        refused(
            "bad request body: invalid character '\\'' looking for beginning of object key string",
            400,
        ),
        embedded=Differs(400, '{"error":"bad request body: invalid character', WORDING),
    ),
    bad(
        "not a number",
        '{"name":NaN,"upstream":"u:1"}',
        400,
        refused("bad request body: invalid character 'N' looking for beginning of value", 400),
        embedded=Differs(400, '{"error":"bad request body: invalid character', WORDING),
    ),
    bad(
        "a number for a name",
        '{"name":5,"upstream":"u:1"}',
        400,
        of_type("number", "struct field Proxy.name", "string"),
    ),
    bad(
        "an object for an upstream",
        '{"name":"q","upstream":{}}',
        400,
        of_type("object", "struct field Proxy.upstream", "string"),
    ),
    bad(
        "a bool for a listen",
        '{"name":"q","upstream":"u:1","listen":true}',
        400,
        of_type("bool", "struct field Proxy.listen", "string"),
    ),
    bad(
        "a string for enabled",
        '{"name":"q","upstream":"u:1","enabled":"yes"}',
        400,
        of_type("string", "struct field Proxy.enabled", "bool"),
    ),
    bad("an array", "[]", 400, of_type("array", "value", "toxiproxy.Proxy")),
    bad("a string", '"p"', 400, of_type("string", "value", "toxiproxy.Proxy")),
    bad(
        "a listen without a port",
        '{"name":"q","listen":"notanaddr","upstream":"u:1"}',
        500,
        refused("listen tcp: address notanaddr: missing port in address", 500),
    ),
    bad(
        "a port too large",
        '{"name":"q","listen":"127.0.0.1:99999","upstream":"u:1"}',
        500,
        refused("listen tcp: address 99999: invalid port", 500),
    ),
    bad(
        "a bracket where none belongs",
        '{"name":"q","listen":"12[7.0.0.1:0","upstream":"u:1"}',
        500,
        refused("listen tcp: address 12[7.0.0.1:0: unexpected '[' in address", 500),
    ),
    bad(
        "an address of another machine",
        '{"name":"q","listen":"203.0.113.7:21299","upstream":"u:1"}',
        500,
        refused("listen tcp 203.0.113.7:21299: bind: cannot assign requested address", 500),
    ),
]


@pytest.mark.parametrize("case", CREATE, ids=str)
async def test_a_proxy_is_created(server: Toxi, case: Case) -> None:
    await check(server, case)


@pytest.mark.parametrize("case", REFUSED, ids=str)
async def test_a_proxy_is_refused(server: Toxi, case: Case) -> None:
    await check(server, case)
    assert list((await server.must("GET /proxies")).json()) == ["p"]


async def test_a_short_form_of_an_address_is_no_address(server: Toxi) -> None:
    """`0` would be every address of the machine; the resolver's own words follow."""
    reply = await server.call("POST /proxies", '{"name":"p","listen":"0:0","upstream":"u:1"}')
    assert (reply.status, reply.json()["status"]) == (500, 500)
    assert reply.json()["error"].startswith("listen tcp: lookup 0")
