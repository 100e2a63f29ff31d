from __future__ import annotations

import pytest

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.bodies import (
    Refused,
    decode,
    read_change,
    read_population,
    read_proxy,
    read_toxic,
    read_toxic_change,
)
from loadtui.toxiproxy.wanted import Wanted

BEFORE = Wanted("p", "127.0.0.1:1", "u:1", enabled=False)
SLICER = Toxic("cut", "slicer", "upstream", 0.5, {"average_size": 10, "size_variation": 2})
NONE: frozenset[str] = frozenset()
FIELD = "bad request body: json: cannot unmarshal {} into Go struct field {}"


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ('{"name":"p","upstream":"u:1"}', Wanted("p", "", "u:1", enabled=True)),
        ('{"NAME":"p","UpStream":"u:1","enabled":false}', Wanted("p", "", "u:1", enabled=False)),
        ('{"name":"a","name":"b","upstream":"u"}', Wanted("b", "", "u")),
        ('{"name":"p","upstream":"u","listen":null,"enabled":null,"x":[{}]}', Wanted("p", "", "u")),
    ],
)
def test_a_proxy_is_read(body: str, wanted: Wanted) -> None:
    assert read_proxy(decode(body.encode())) == wanted


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "bad request body: EOF"),
        ("{", "bad request body: unexpected EOF"),
        ("{}", "missing required field: name"),
        ("null", "missing required field: name"),
        ('{"name":"","upstream":"u"}', "missing required field: name"),
        ('{"name":"p"}', "missing required field: upstream"),
        (
            "[]",
            "bad request body: json: cannot unmarshal array into Go value of type toxiproxy.Proxy",
        ),
        ('{"name":1}', FIELD.format("number", "Proxy.name of type string")),
        ('{"enabled":"no","name":1}', FIELD.format("string", "Proxy.enabled of type bool")),
    ],
)
def test_a_proxy_that_cannot_be_taken_is_told_why(body: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_proxy(decode(body.encode()))
    assert (refused.value.text, refused.value.status) == (said, 400)


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("{}", BEFORE),
        ("null", BEFORE),
        ('{"enabled":true}', Wanted("p", "127.0.0.1:1", "u:1", enabled=True)),
        ('{"listen":"127.0.0.1:2"}', Wanted("p", "127.0.0.1:2", "u:1", enabled=False)),
        ('{"name":"q","upstream":"v:1"}', Wanted("p", "127.0.0.1:1", "v:1", enabled=False)),
    ],
)
def test_a_change_gives_what_it_gives_and_never_a_name(body: str, after: Wanted) -> None:
    assert read_change(decode(body.encode()), BEFORE) == after


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("null", []),
        ("[]", []),
        (
            '[{"name":"a","upstream":"u:1"},{"name":"b","upstream":"u:2","enabled":false}]',
            [Wanted("a", "", "u:1"), Wanted("b", "", "u:2", enabled=False)],
        ),
    ],
)
def test_a_population_is_read(body: str, wanted: list[Wanted]) -> None:
    assert read_population(decode(body.encode())) == wanted


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('[{"name":"a","upstream":"u"},{}]', "missing required field: name at proxy 2"),
        ('[{"name":"a"}]', "missing required field: upstream at proxy 1"),
        ("[null]", "missing required field: name at proxy 1"),
        ('[{"name":[]}]', FIELD.format("array", ".Proxy.name of type string")),
        ('[{"enabled":0}]', FIELD.format("number", ".enabled of type bool")),
        (
            "{}",
            "bad request body: json: cannot unmarshal object into Go value of type []struct { "
            'toxiproxy.Proxy; Enabled *bool "json:\\"enabled\\"" }',
        ),
    ],
)
def test_a_population_is_taken_whole_or_told_which_is_wrong(body: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_population(decode(body.encode()))
    assert (refused.value.text, refused.value.status) == (said, 400)


@pytest.mark.parametrize(
    ("body", "toxic"),
    [
        (
            '{"type":"latency"}',
            Toxic("latency_downstream", "latency", "downstream", 1.0, {"latency": 0, "jitter": 0}),
        ),
        (
            '{"type":"latency","stream":"UPSTREAM","attributes":{"Jitter":3,"rate":9}}',
            Toxic("latency_UPSTREAM", "latency", "UPSTREAM", 1.0, {"latency": 0, "jitter": 3}),
        ),
        (
            '{"attributes":{"bytes":7},"toxicity":0.5,"name":"n","type":"limit_data"}',
            Toxic("n", "limit_data", "downstream", 0.5, {"bytes": 7}),
        ),
        (
            '{"type":"noop","attributes":null,"toxicity":null,"stream":null}',
            Toxic("noop_downstream", "noop", "downstream", 1.0, {}),
        ),
    ],
)
def test_a_toxic_is_read(body: str, toxic: Toxic) -> None:
    assert read_toxic(decode(body.encode()), NONE, strict=True) == toxic


@pytest.mark.parametrize(
    ("body", "said", "status"),
    [
        ("{}", "invalid toxic type", 400),
        ('{"type":"Latency"}', "invalid toxic type", 400),
        (
            '{"type":"noop","stream":"sideways"}',
            "stream was invalid, can be either upstream or downstream",
            400,
        ),
        ('{"type":"noop","name":"taken"}', "toxic already exists", 409),
        ('{"type":"bandwidth","name":"taken"}', "toxic already exists", 409),
        ('{"type":5}', FIELD.format("number", "ToxicWrapper.type of type string"), 400),
        (
            '{"type":"latency","attributes":{"jitter":0.5}}',
            FIELD.format("number 0.5", "LatencyToxic.attributes.jitter of type int64"),
            400,
        ),
        (
            '{"type":"slicer","attributes":{"delay":"1"}}',
            FIELD.format("string", "SlicerToxic.attributes.delay of type int"),
            400,
        ),
        (
            '{"type":"latency","attributes":[]}',
            FIELD.format("array", "ToxicWrapper.attributes of type toxics.NoopToxic"),
            400,
        ),
        ('{"type":"bandwidth"}', "invalid toxic: rate must be at least 1, not 0", 400),
        (
            '{"type":"noop","toxicity":1.5}',
            "invalid toxic: toxicity must be between 0 and 1, not 1.5",
            400,
        ),
    ],
)
def test_a_toxic_that_cannot_be_taken_is_told_why(body: str, said: str, status: int) -> None:
    with pytest.raises(Refused) as refused:
        read_toxic(decode(body.encode()), frozenset({"taken"}), strict=True)
    assert (refused.value.text, refused.value.status) == (said, status)


def test_the_originals_ranges_are_taken_when_told_to() -> None:
    body = decode(b'{"type":"latency","toxicity":7,"attributes":{"latency":-1}}')
    toxic = read_toxic(body, NONE, strict=False)
    assert (toxic.toxicity, toxic.attributes["latency"]) == (7.0, -1)


@pytest.mark.parametrize(
    ("body", "toxicity", "given"),
    [
        ("{}", 0.5, {}),
        ('{"attributes":{"delay":3}}', 0.5, {"delay": 3}),
        ('{"toxicity":0,"name":"n","type":"noop","stream":"downstream"}', 0.0, {}),
        ('{"ATTRIBUTES":{"SIZE_VARIATION":10},"toxicity":1}', 1.0, {"size_variation": 10}),
        ('{"attributes":{"size_variation":null}}', 0.5, {}),
    ],
)
def test_a_changed_toxic_keeps_what_is_not_given(
    body: str, toxicity: float, given: dict[str, int]
) -> None:
    after = read_toxic_change(decode(body.encode()), SLICER, strict=True)
    kept = {"average_size": 10, "size_variation": 2, "delay": 0}
    assert after == Toxic("cut", "slicer", "upstream", toxicity, {**kept, **given})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            '{"attributes":{"size_variation":11}}',
            "invalid toxic: size_variation must be at most average_size, not 11",
        ),
        (
            '{"attributes":{"average_size":0}}',
            "invalid toxic: average_size must be at least 1, not 0",
        ),
        ('{"toxicity":-1}', "invalid toxic: toxicity must be between 0 and 1, not -1"),
        ('{"toxicity":"1"}', FIELD.format("string", ".toxicity of type float32")),
        (
            "5",
            "bad request body: json: cannot unmarshal number into Go value of type struct { "
            'Attributes interface {} "json:\\"attributes\\""; '
            'Toxicity float32 "json:\\"toxicity\\"" }',
        ),
    ],
)
def test_a_change_that_cannot_be_taken_is_told_why(body: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_toxic_change(decode(body.encode()), SLICER, strict=True)
    assert (refused.value.text, refused.value.status) == (said, 400)
