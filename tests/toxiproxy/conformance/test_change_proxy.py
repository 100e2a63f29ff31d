"""Showing, changing and deleting proxies over the control API."""

from __future__ import annotations

import pytest

from tests.support.toxiproxy_answers import (
    ERROR,
    GONE,
    Case,
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
NO_PROXY = refused("proxy not found", 404)


def of_type(got: str, where: str, wanted: str) -> str:
    return refused(
        f"bad request body: json: cannot unmarshal {got} into Go {where} of type {wanted}", 400
    )


SHOW = [
    Case("none", "GET /proxies", None, 200, "{}"),
    Case("one", "GET /proxies/p", None, 200, SHOWN, given=MADE),
    Case(
        "all, sorted by name",
        "GET /proxies",
        None,
        200,
        f'{{"B":{proxy("B", "127.0.0.1:$c")},"a":{proxy("a", "127.0.0.1:$b")},"p":{SHOWN}}}',
        given=(
            *MADE,
            ("POST /proxies", '{"name":"a","listen":"127.0.0.1:$b","upstream":"localhost:1"}'),
            ("POST /proxies", '{"name":"B","listen":"127.0.0.1:$c","upstream":"localhost:1"}'),
        ),
    ),
    Case("no such proxy", "GET /proxies/none", None, 404, NO_PROXY, ERROR),
    Case("names are case-sensitive", "GET /proxies/P", None, 404, NO_PROXY, ERROR, MADE),
    Case(
        "a name in percent signs",
        "GET /proxies/p%208%3C%26%3E",
        None,
        200,
        proxy("p 8<&>", "127.0.0.1:$a"),
        given=(
            ("POST /proxies", '{"name":"p 8<&>","listen":"127.0.0.1:$a","upstream":"localhost:1"}'),
        ),
    ),
    Case("deleted", "DELETE /proxies/p", None, 204, "", GONE, MADE),
    Case("a body of a delete is ignored", "DELETE /proxies/p", "nonsense", 204, "", GONE, MADE),
    Case(
        "deleted twice",
        "DELETE /proxies/p",
        None,
        404,
        NO_PROXY,
        ERROR,
        (*MADE, ("DELETE /proxies/p", "")),
    ),
    Case(
        "made anew after a delete",
        "POST /proxies",
        P,
        201,
        SHOWN,
        given=(*MADE, ("DELETE /proxies/p", "")),
    ),
]


def changed(name: str, body: str, answer: str, *, method: str = "PATCH") -> Case:
    return Case(name, f"{method} /proxies/p", body, 200, answer, given=MADE)


def unchanged(name: str, body: str, status: int, answer: str) -> Case:
    return Case(name, "PATCH /proxies/p", body, status, answer, ERROR, MADE)


OFF = proxy("p", "127.0.0.1:$a", enabled=False)
CHANGE = [
    changed("PATCH disables", '{"enabled":false}', OFF),
    changed("POST disables", '{"enabled":false}', OFF, method="POST"),
    Case(
        "POST enables",
        "POST /proxies/p",
        '{"enabled":true}',
        200,
        SHOWN,
        given=(*MADE, ("PATCH /proxies/p", '{"enabled":false}')),
    ),
    changed("nothing", "{}", SHOWN),
    changed("null", "null", SHOWN),
    changed("nulls", '{"enabled":null,"listen":null,"upstream":null}', SHOWN),
    changed("keys in any case", '{"ENABLED":false}', OFF),
    changed("the upstream", '{"upstream":"u:2"}', proxy("p", "127.0.0.1:$a", "u:2")),
    changed("an empty upstream", '{"upstream":""}', proxy("p", "127.0.0.1:$a", "")),
    changed(
        "the listen, resolved, and never the name",
        '{"name":"renamed","listen":"localhost:$b"}',
        proxy("p", "127.0.0.1:$b"),
    ),
    changed(
        "listen and enabled at once",
        '{"listen":"127.0.0.1:$b","enabled":false}',
        proxy("p", "127.0.0.1:$b", enabled=False),
    ),
    unchanged("an empty body", "", 400, EOF),
    unchanged("a body cut short", '{"enabled":', 400, CUT),
    unchanged(
        "a listen without a port",
        '{"listen":"nope"}',
        500,
        refused("address nope: missing port in address", 500),
    ),
    unchanged(
        "a string for enabled",
        '{"enabled":"yes"}',
        400,
        of_type("string", "struct field Proxy.enabled", "bool"),
    ),
    Case("no such proxy", "PATCH /proxies/none", "{}", 404, NO_PROXY, ERROR),
    Case("no such proxy counts first", "PATCH /proxies/none", "nonsense", 404, NO_PROXY, ERROR),
    Case(
        "enabled on a port in use",
        "PATCH /proxies/q",
        '{"enabled":true,"listen":"localhost:$a"}',
        500,
        IN_USE,
        ERROR,
        (
            *MADE,
            (
                "POST /proxies",
                '{"name":"q","listen":"localhost:$b","upstream":"u:1","enabled":false}',
            ),
        ),
    ),
]


@pytest.mark.parametrize("case", SHOW, ids=str)
async def test_proxies_are_shown_and_deleted(server: Toxi, case: Case) -> None:
    await check(server, case)


@pytest.mark.parametrize("case", CHANGE, ids=str)
async def test_a_proxy_is_changed(server: Toxi, case: Case) -> None:
    await check(server, case)


async def test_a_failed_start_leaves_the_proxy_disabled_at_the_new_place(server: Toxi) -> None:
    await server.must("POST /proxies", {"name": "p", "listen": "127.0.0.1:0", "upstream": "u:1"})
    taken = (await server.must("GET /proxies/p")).json()["listen"]
    off = {"name": "q", "listen": "localhost:0", "upstream": "u:1", "enabled": False}
    await server.must("POST /proxies", off)
    asked = f'{{"enabled":true,"listen":"{taken}"}}'
    assert (await server.call("PATCH /proxies/q", asked)).status == 500
    found = (await server.must("GET /proxies/q")).json()
    assert (found["listen"], found["enabled"]) == (taken, False)


async def test_a_proxy_whose_port_was_taken_starts_once_it_is_free(server: Toxi) -> None:
    await server.must("POST /proxies", {"name": "p", "listen": "127.0.0.1:0", "upstream": "u:1"})
    taken = (await server.must("GET /proxies/p")).json()["listen"]
    off = {"name": "q", "listen": taken, "upstream": "u:1", "enabled": False}
    await server.must("POST /proxies", off)
    assert (await server.call("PATCH /proxies/q", '{"enabled":true}')).status == 500
    await server.must("DELETE /proxies/p")
    assert (await server.must("PATCH /proxies/q", {"enabled": True})).json()["enabled"] is True
