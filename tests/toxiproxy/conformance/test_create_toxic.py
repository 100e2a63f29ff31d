"""Creating toxics over the control API, and those that only the original creates."""

from __future__ import annotations

import pytest

from tests.support.toxiproxy_answers import (
    Case,
    Differs,
    Given,
    check,
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
CRASH = "what crashes, hangs or confuses the original is refused"


def added(name: str, body: str, answer: str, *, embedded: Differs | None = None) -> Case:
    return Case(name, ADD, body, 200, answer, given=MADE, embedded=embedded)


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


@pytest.mark.parametrize("case", CREATE, ids=str)
async def test_a_toxic_is_created(server: Toxi, case: Case) -> None:
    await check(server, case)


@pytest.mark.parametrize("case", DIFFERENT, ids=str)
async def test_ours_refuses_what_the_original_should(server: Toxi, case: Case) -> None:
    await check(server, case)
