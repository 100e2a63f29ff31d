"""Many proxies at once (/populate) and back to the start (/reset)."""

from __future__ import annotations

import pytest

from tests.support.toxiproxy_answers import GONE, JSON, Case, Differs, Given, check, proxy, toxic
from tests.support.toxiproxy_pair import Toxi

P = '{"name":"p","listen":"localhost:$a","upstream":"localhost:1"}'
MADE: tuple[Given, ...] = (("POST /proxies", P),)
WITH_TOXIC: tuple[Given, ...] = (*MADE, ("POST /proxies/p/toxics", '{"type":"noop"}'))
NOOP = toxic("noop", "downstream", "{}")
SHOWN = proxy("p", "127.0.0.1:$a")
SHOWN_WITH_TOXIC = proxy("p", "127.0.0.1:$a", "localhost:1", NOOP)


def done(*proxies: str) -> str:
    return f'{{"proxies":[{",".join(proxies)}]}}'


def failed(text: str, status: int, *proxies: str) -> str:
    listed = f"[{','.join(proxies)}]" if proxies else "null"
    return f'{{"error":"{text}","status":{status},"proxies":{listed}}}'


def good(name: str, body: str, answer: str, given: tuple[Given, ...] = ()) -> Case:
    return Case(name, "POST /populate", body, 201, answer, given=given)


def bad(
    name: str,
    body: str,
    status: int,
    answer: str,
    given: tuple[Given, ...] = (),
    embedded: Differs | None = None,
) -> Case:
    return Case(name, "POST /populate", body, status, answer, JSON, given, embedded=embedded)


IN_USE = "listen tcp 127.0.0.1:$a: bind: address already in use"
OTHER = '{"name":"q","listen":"127.0.0.1:$b","upstream":"u:1"}'
POPULATE = [
    good("one", f"[{P}]", done(SHOWN)),
    good(
        "several, in their order",
        f"[{OTHER},{P}]",
        done(proxy("q", "127.0.0.1:$b", "u:1"), SHOWN),
    ),
    good("none", "[]", '{"proxies":null}'),
    good("null", "null", '{"proxies":null}'),
    good(
        "disabled",
        '[{"name":"p","listen":"127.0.0.1:0","upstream":"u:1","enabled":false}]',
        done(proxy("p", "127.0.0.1:0", "u:1", enabled=False)),
    ),
    good("the same proxy keeps its toxics", f"[{P}]", done(SHOWN_WITH_TOXIC), WITH_TOXIC),
    good(
        "another upstream replaces it",
        f"[{P}]".replace("localhost:1", "u:2"),
        done(proxy("p", "127.0.0.1:$a", "u:2")),
        WITH_TOXIC,
    ),
    good(
        "another listen replaces it",
        f"[{P}]".replace("$a", "$b"),
        done(proxy("p", "127.0.0.1:$b")),
        WITH_TOXIC,
    ),
    good(
        "port 0 always replaces it",
        f"[{P}]".replace("$a", "0"),
        done(proxy("p", "127.0.0.1:$any")),
        WITH_TOXIC,
    ),
    good(
        "enabled alone is no difference",
        f"[{P}]".replace("}", ',"enabled":false}'),
        done(SHOWN_WITH_TOXIC),
        WITH_TOXIC,
    ),
    good(
        "a disabled one stays disabled",
        f"[{P}]".replace("localhost:$a", "127.0.0.1:$a"),
        done(proxy("p", "127.0.0.1:$a", enabled=False)),
        (*MADE, ("PATCH /proxies/p", '{"enabled":false}')),
    ),
    good("others stay", f"[{OTHER}]", done(proxy("q", "127.0.0.1:$b", "u:1")), MADE),
    good(
        "toxics are ignored",
        '[{"name":"p","listen":"localhost:$a","upstream":"localhost:1",'
        '"toxics":[{"type":"latency"}]}]',
        done(SHOWN),
    ),
    good(
        "a name twice: the second replaced the first",
        f"[{P},{P}]".replace("$a", "0"),
        done(proxy("p", "127.0.0.1:$any", enabled=False), proxy("p", "127.0.0.1:$any")),
    ),
    good("keys in any case", f"[{P}]".replace("name", "Name"), done(SHOWN)),
    bad(
        "an object",
        P,
        400,
        failed(
            "bad request body: json: cannot unmarshal object into Go value of type "
            '[]struct { toxiproxy.Proxy; Enabled *bool \\"json:\\\\\\"enabled\\\\\\"\\" }',
            400,
        ),
        embedded=Differs(400, "cannot unmarshal object into Go value", "Go names its own struct"),
    ),
    bad("an empty body", "", 400, failed("bad request body: EOF", 400)),
    bad("a body cut short", "[{", 400, failed("bad request body: unexpected EOF", 400)),
    bad(
        "a listen without a port",
        '[{"name":"p","listen":"nope","upstream":"u:1"}]',
        500,
        failed("listen tcp: address nope: missing port in address", 500),
    ),
    bad(
        "a listen without a port for a proxy that is there: compared before anything is bound",
        '[{"name":"p","listen":"nope","upstream":"localhost:1"}]',
        500,
        failed("address nope: missing port in address", 500),
        MADE,
    ),
    bad(
        "the second has no name",
        f'[{P},{{"listen":"127.0.0.1:0","upstream":"u:1"}}]',
        400,
        failed("missing required field: name at proxy 2", 400),
    ),
    bad(
        "an empty upstream",
        '[{"name":"p","listen":"127.0.0.1:0","upstream":""}]',
        400,
        failed("missing required field: upstream at proxy 1", 400),
    ),
    bad(
        "the second takes the port of the first: the first stays",
        f'[{P},{{"name":"q","listen":"localhost:$a","upstream":"u:1"}},{OTHER}]',
        500,
        failed(IN_USE, 500, SHOWN),
    ),
]


@pytest.mark.parametrize("case", POPULATE, ids=str)
async def test_populate_answers_as_the_original(server: Toxi, case: Case) -> None:
    await check(server, case)


async def test_populate_checks_all_before_it_makes_any(server: Toxi) -> None:
    body = '[{"name":"p","listen":"127.0.0.1:0","upstream":"u:1"},{"name":"q"}]'
    assert (await server.call("POST /populate", body)).status == 400
    assert (await server.must("GET /proxies")).json() == {}


async def test_populate_stops_where_it_fails(server: Toxi) -> None:
    first = {"name": "p", "listen": "127.0.0.1:0", "upstream": "u:1"}
    taken = (await server.must("POST /proxies", first)).json()["listen"]
    made = '{{"name":"{}","listen":"{}","upstream":"u:1"}}'
    body = ",".join(
        made.format(name, listen)
        for name, listen in (("q", "127.0.0.1:0"), ("r", taken), ("s", "127.0.0.1:0"))
    )
    assert (await server.call("POST /populate", f"[{body}]")).status == 500
    assert set((await server.must("GET /proxies")).json()) - {"r"} == {"p", "q"}


RESET = [
    Case("of nothing", "POST /reset", None, 204, "", GONE),
    Case("its body is ignored", "POST /reset", "nonsense", 204, "", GONE),
    Case("twice", "POST /reset", None, 204, "", GONE, (*WITH_TOXIC, ("POST /reset", ""))),
]


@pytest.mark.parametrize("case", RESET, ids=str)
async def test_reset_answers_nothing(server: Toxi, case: Case) -> None:
    await check(server, case)


async def test_reset_enables_all_and_removes_every_toxic(server: Toxi) -> None:
    made = {"name": "p", "listen": "localhost:0", "upstream": "u:1"}
    await server.must("POST /proxies", made)
    await server.must("POST /proxies", made | {"name": "q", "enabled": False})
    for name in "pq":
        await server.must(f"POST /proxies/{name}/toxics", {"type": "noop"})
        await server.must(f"POST /proxies/{name}/toxics", {"type": "latency", "stream": "upstream"})
    await server.must("PATCH /proxies/p", {"enabled": False})
    await server.must("POST /reset")
    for found in (await server.must("GET /proxies")).json().values():
        assert (found["enabled"], found["toxics"]) == (True, [])
        assert found["listen"].startswith("127.0.0.1:")


async def test_reset_says_which_port_it_could_not_have(server: Toxi) -> None:
    made = {"name": "p", "listen": "127.0.0.1:0", "upstream": "u:1"}
    taken = (await server.must("POST /proxies", made)).json()["listen"]
    off = {"name": "q", "listen": taken, "upstream": "u:1", "enabled": False}
    await server.must("POST /proxies", off)
    reply = await server.call("POST /reset")
    wanted = f"listen tcp {taken}: bind: address already in use"
    assert (reply.status, reply.json()) == (500, {"error": wanted, "status": 500})
