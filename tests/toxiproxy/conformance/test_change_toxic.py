"""Showing, changing and deleting toxics over the control API."""

from __future__ import annotations

import pytest

from tests.support.toxiproxy_answers import (
    ERROR,
    GONE,
    Case,
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
EOF = refused("bad request body: EOF", 400)
NO_PROXY = refused("proxy not found", 404)
NO_TOXIC = refused("toxic not found", 404)


def mismatch(got: str, where: str, wanted: str) -> str:
    return refused(f"bad request body: json: cannot unmarshal {got} into Go {where} {wanted}", 400)


def no_int(got: str) -> str:
    return mismatch(got, "struct field LatencyToxic.attributes.latency", "of type int64")


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


@pytest.mark.parametrize("case", SHOW, ids=str)
async def test_toxics_are_shown_and_deleted(server: Toxi, case: Case) -> None:
    await check(server, case)


@pytest.mark.parametrize("case", CHANGE, ids=str)
async def test_a_toxic_is_changed(server: Toxi, case: Case) -> None:
    await check(server, case)
