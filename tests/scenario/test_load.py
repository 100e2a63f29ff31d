from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.errors import BadInput, ScenarioError
from loadtui.model.executor import ConstantVus, Entry, Manual, SharedIterations
from loadtui.model.rehearsal import rehearsed
from loadtui.model.request import Check, RequestTemplate, Think
from loadtui.model.scenario import FaultPreset, Guard, Scenario, Tls
from loadtui.model.text import Text, Variable, constant
from loadtui.model.toxic import Proxy, Toxic
from loadtui.scenario.load import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
ORDERS = (SCENARIOS / "orders.yaml").read_text(encoding="utf-8")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shop.yaml"


def loaded(file: Path, text: str, env: Mapping[str, str] | None = None) -> Scenario:
    file.write_text(text, encoding="utf-8")
    return load(file, env=env or {})


def request_of(file: Path, text: str, env: Mapping[str, str] | None = None) -> RequestTemplate:
    """The request `GET /x` of http://h with the given lines below it."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    return loaded(file, f"target: http://h\nrequests:\n  - url: /x\n{lines}", env).requests[0]


def rendered(text: Text | None, **saved: object) -> str:
    assert text is not None
    fixed: dict[str, object] = {"uuid": "u", "vu": 7, "iteration": 3, "now": 5, "random": 9}
    return text.render(lambda each: saved[each.name] if each.kind == "saved" else fixed[each.kind])


def test_the_client_and_its_connections_are_chosen(file: Path) -> None:
    rest = "target: http://h\nrequests: [{url: /x}]\n"
    plain = loaded(file, rest)
    assert (plain.client, plain.connections, plain.max_age) == ("http1", "per-vu", None)
    scenario = loaded(file, f"{rest}client: httpx\nconnections: per-iteration\nmax_age: 5m\n")
    assert (scenario.client, scenario.connections) == ("httpx", "per-iteration")
    assert scenario.max_age == 300.0
    assert loaded(file, f"{rest}connections: none\n").connections == "none"


def test_the_tutorials_load_test() -> None:
    scenario = load(SCENARIOS / "orders.yaml", env={})
    create, get = scenario.requests
    assert (scenario.name, scenario.target) == ("orders", "http://127.0.0.1:3000")
    assert (create.name, create.method, create.think) == ("create_order", "POST", Think(1, 1))
    assert create.checks == (
        Check("status is 201", statuses=((201, 201),)),
        Check("has order id", json_path="id"),
    )
    assert (create.save, create.count) == ({"order_id": "id"}, {"order_created": "status is 201"})
    assert json.loads(rendered(create.body))["items"][1]["unitPrice"] == 3000
    assert create.headers == (
        ("content-type", constant("application/json")),
        ("x-api-key", constant("test-key")),
        ("x-request-id", Text((Variable("uuid", escape="header"),))),
    )
    assert rendered(get.url, order_id=17) == "http://127.0.0.1:3000/api/orders/17"
    assert get.expect == ((200, 399), (404, 404))
    assert scenario.scenarios == (Entry("default", ConstantVus(30, 10)),)
    assert scenario.metrics == {"order_created": "counter"}
    assert [(t.metric, t.source, t.abort_on_fail) for t in scenario.thresholds] == [
        ("http_req_duration", "p(50)<200", False),
        ("http_req_duration", "p(95)<500", False),
        ("http_req_duration", "p(99)<1000", False),
        ("http_req_duration", "p(95)<800 over 10s", False),
        ("http_req_failed", "rate<0.001", True),
        ("http_req_duration", "p(95)<800", False),
        ("http_req_duration", "p(95)<200", False),
        ("order_created", "count>100", False),
    ]
    assert scenario.thresholds[4].delay_abort == 10
    assert scenario.thresholds[5].tags == {"endpoint": "create_order"}
    assert scenario.secrets == ("test-key",)


def test_the_smallest_scenario() -> None:
    scenario = load(SCENARIOS / "hello.yaml", env={})
    assert scenario == Scenario(
        name="hello",
        target="http://127.0.0.1:3000",
        requests=(RequestTemplate(name="GET /", url=constant("http://127.0.0.1:3000/")),),
    )


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_scenario_that_is_shipped_loads(path: Path) -> None:
    assert load(path, env={}).all_requests


def test_every_key_of_this_version(file: Path) -> None:
    (file.parent / "ca.pem").touch()
    scenario = loaded(
        file,
        """\
name: shop
description: everything
owner: team web
target: https://shop.example.com/v1/
tags: {team: web}
headers: {accept: text/html, X-Key: abcd}
cookies: {lang: en}
timeout: {connect: 5s, request: 20s}
redirects: 0
client: http1
connections: per-vu
tls: {verify: false, ca: ca.pem, server_name: shop}
requests:
  - name: list
    url: products?page=1
    headers: {Accept: application/json}
    think: 500ms..1s
    timeout: 1s
  - method: put
    url: /products/1
    form: {name: "a b&c", price: 5}
    cookies: {lang: de}
    checks:
      all at once: {status: [200, 300-399], json: id, is: 5, body: ok, duration: 500ms}
      typed: {header: content-type, is: text/html}
metrics: {sold: counter}
load: {vus: 5, iterations: 100}
chaos:
  toxiproxy: http://127.0.0.1:8474/
  proxies:
    db: {listen: "127.0.0.1:21002", upstream: "127.0.0.1:5432"}
  faults:
    slow: {proxy: db, toxic: latency, attributes: {latency: 300}, stream: upstream, toxicity: 0.5}
    usual: {proxy: db, toxic: bandwidth}
    own: {proxy: db, toxic: noop}
    gone: {proxy: db, down: true}
guard: {allow: [shop.example.com], max_vus: 50, max_duration: 1h, ttl: 1m}
""",
    )
    products, put = scenario.requests
    assert (scenario.description, scenario.owner) == ("everything", "team web")
    assert (scenario.target, scenario.tags) == ("https://shop.example.com/v1", {"team": "web"})
    assert rendered(products.url) == "https://shop.example.com/v1/products?page=1"
    assert dict(products.headers) == {
        "Accept": constant("application/json"),
        "X-Key": constant("abcd"),
        "cookie": constant("lang=en"),
    }
    assert (products.think, products.timeout) == (Think(0.5, 1), 1)
    assert (put.name, put.method, put.timeout) == ("PUT /products/1", "PUT", 20)
    assert rendered(put.body) == "name=a+b%26c&price=5"
    assert dict(put.headers)["cookie"] == constant("lang=de")
    assert put.checks[0] == Check(
        "all at once",
        statuses=((200, 200), (300, 399)),
        json_path="id",
        json_is=5,
        body="ok",
        duration=0.5,
    )
    assert put.checks[1] == Check("typed", header="content-type", header_is="text/html")
    assert scenario.scenarios == (Entry("default", SharedIterations(5, 100)),)
    assert scenario.guard == Guard(("shop.example.com",), 50, max_duration=3600, ttl=60)
    assert scenario.tls == Tls(
        verify=False, ca=str((file.parent / "ca.pem").resolve()), server_name="shop"
    )
    assert (scenario.redirects, scenario.connect_timeout) == (0, 5)
    assert scenario.toxiproxy == "http://127.0.0.1:8474"
    assert scenario.proxies == (Proxy("db", "127.0.0.1:21002", "127.0.0.1:5432"),)
    assert scenario.faults == (
        FaultPreset(
            "slow",
            "db",
            Toxic("slow", "latency", "upstream", 0.5, {"latency": 300, "jitter": 0}),
        ),
        FaultPreset("usual", "db", Toxic("usual", "bandwidth", attributes={"rate": 50})),
        FaultPreset("own", "db", Toxic("own", "noop")),
        FaultPreset("gone", "db"),
    )


def test_overrides_win_over_the_environment_and_that_over_defaults(file: Path) -> None:
    file.write_text("target: ${BASE:-http://a}\nrequests: [{url: /}]\n", encoding="utf-8")
    assert load(file, env={}).target == "http://a"
    assert load(file, env={"BASE": "http://b"}).target == "http://b"
    assert load(file, env={"BASE": "http://b"}, overrides={"BASE": "http://c"}).target == "http://c"


def test_a_number_may_come_from_the_environment(file: Path) -> None:
    text = """\
target: http://h
requests:
  - url: /x
load:
  vus: ${VUS:-10}
chaos:
  faults:
    slow:
      proxy: db
      toxic: latency
      attributes:
        latency: ${MS:-250}
"""
    scenario = loaded(file, text, {"VUS": "25"})
    assert scenario.scenarios == (Entry("default", Manual(25)),)
    toxic = scenario.faults[0].toxic
    assert toxic is not None
    assert toxic.attributes["latency"] == 250


def test_values_in_json_keep_their_types(file: Path) -> None:
    request = request_of(
        file,
        """\
json:
  plain: ${random:1..10}
  quoted: "${random:1..10}"
  inside: n-${vu}-${uuid}
  environment: ${N}
  text: "${N}"
  list: [1, 2.5, true, null, "a\\"b"]
  ünïcode: é
  literal: $${N}
""",
        {"N": "12"},
    )
    assert json.loads(rendered(request.body)) == {
        "plain": 9,
        "quoted": "9",
        "inside": "n-7-u",
        "environment": 12,
        "text": "12",
        "list": [1, 2.5, True, None, 'a"b'],
        "ünïcode": "é",
        "literal": "${N}",
    }


@pytest.mark.parametrize("value", ["a", 'say "hi"\n', 17, True, None, {"a": [1]}])
def test_a_saved_value_is_sent_as_it_came(value: object, file: Path) -> None:
    scenario = loaded(
        file,
        """\
target: http://h
requests:
  - {url: /a, save: {id: id}}
  - url: /b/${id}
    method: POST
    headers: {x-id: "${id}"}
    json:
      id: ${id}
      text: "<${id}>"
""",
    )
    request = scenario.requests[1]
    body = json.loads(rendered(request.body, id=value))
    assert body["id"] == value
    assert (
        body["text"]
        == f"<{value if isinstance(value, str) else json.dumps(value, separators=(',', ':'))}>"
    )
    header = rendered(dict(request.headers)["x-id"], id=value)
    assert "\n" not in header
    assert " " not in rendered(request.url, id=value)


def test_a_global_header_may_use_what_is_saved_only_when_it_is(file: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        loaded(
            file,
            """\
target: http://h
headers:
  x-id: ${id}
requests:
  - {name: a, url: /a, save: {id: id}}
  - {name: b, url: /b}
""",
        )
    assert refused.value.problems == (
        f"{file}:3:9: ${{id}} is not saved yet; "
        "this request saves it itself, from its answer; save it in one before",
    )


def test_secrets_are_named_so_that_they_are_never_written(file: Path) -> None:
    scenario = loaded(
        file,
        """\
target: http://h/${DB_PASSWORD}
headers:
  authorization: Bearer ${TOKEN}
  x-session-token: "${uuid}"
  cookie: sid=1234567
  x-plain: visible
requests:
  - url: /${PUBLIC}
""",
        {"TOKEN": "t0k3n", "DB_PASSWORD": "hunter2", "PUBLIC": "pub", "OTHER_SECRET": "unused"},
    )
    assert scenario.secrets == ("Bearer t0k3n", "hunter2", "sid=1234567", "t0k3n")


def test_a_custom_counter_and_tags_make_thresholds_possible(file: Path) -> None:
    scenario = loaded(
        file,
        """\
target: http://h
tags: {team: web}
requests:
  - {url: /x, checks: {ok: {status: 200}}, count: {made: ok}}
thresholds:
  made{team:web}: [count>1]
  iterations{team:web}: [count>1]
  http_req_waiting{name:GET /x,method:GET}: [med<5]
""",
    )
    assert [each.tags for each in scenario.thresholds] == [
        {"team": "web"},
        {"team": "web"},
        {"name": "GET /x", "method": "GET"},
    ]


def problems_of(file: Path) -> tuple[str, ...]:
    """What is said about a file; any other error than the two for bad input fails the test."""
    try:
        load(file, env={})
    except ScenarioError as refused:
        return refused.problems
    except BadInput as refused:
        return (str(refused).replace(str(file), f"{file}:"),)
    return ()


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(ORDERS)),
            st.integers(0, 12),
            st.text(alphabet="\t\n :-{}[]\"'$#&*!|>%@`,abc019\0é", max_size=4),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_damaged_file_is_told_never_thrown(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[tuple[int, int, str]]
) -> None:
    text = ORDERS
    for start, length, inserted in cuts:
        text = text[:start] + inserted + text[start + length :]
    file = tmp_path_factory.getbasetemp() / "damaged.yaml"
    file.write_text(text, encoding="utf-8")
    assert all(line.startswith(f"{file}:") for line in problems_of(file))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["url", "name", "status", "vus", "proxy", "x"]), inner)
    ),
    max_leaves=8,
)
KEYS = ["requests", "load", "thresholds", "chaos", "guard", "headers", "tls", "timeout", "metrics"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON, min_size=1))
def test_wrong_shapes_are_told_never_thrown(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, object]
) -> None:
    file = tmp_path_factory.getbasetemp() / "shapes.yaml"
    whole = {"target": "http://h", "requests": [{"url": "/x"}], **tree}
    file.write_text(json.dumps(whole), encoding="utf-8")  # JSON is YAML
    assert all("; " in line for line in problems_of(file))


@given(
    st.builds(
        dict,
        name=st.from_regex(r"[a-z]{1,8}", fullmatch=True),
        target=st.just("http://127.0.0.1:3000"),
        redirects=st.integers(0, 100),
        load=st.fixed_dictionaries({"vus": st.integers(1, 1000)}),
        requests=st.lists(
            st.fixed_dictionaries(
                {
                    "url": st.from_regex(r"/([a-z0-9]+/?){0,3}", fullmatch=True),
                    "json": st.lists(JSON),
                }
            ),
            min_size=1,
            max_size=4,
            unique_by=lambda request: str(request["url"]),
        ),
    )
)
def test_a_valid_file_says_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, object]
) -> None:
    file = tmp_path_factory.getbasetemp() / "valid.yaml"
    file.write_text(json.dumps(tree).replace("${", "$${"), encoding="utf-8")
    scenario = load(file, env={})
    assert scenario.name == tree["name"]
    assert scenario.redirects == tree["redirects"]
    read = [
        {
            "url": rendered(each.url).removeprefix("http://127.0.0.1:3000"),
            "json": json.loads(rendered(each.body)),
        }
        for each in scenario.requests
    ]
    assert read == tree["requests"]


def test_faults_may_have_a_time_of_their_own(file: Path) -> None:
    scenario = loaded(
        file,
        """\
target: http://h
requests: [{url: /a}]
load: {vus: 2, duration: "${LASTS:-1m}"}
chaos:
  faults:
    late: {proxy: db, down: true, at: 40s}
    early: {proxy: db, down: true, at: 0s, for: 10s}
    again: {proxy: db, down: true, at: 10s, for: 1500ms}
    slow: {proxy: db, toxic: latency, at: 30s, for: 15s}
    any-time: {proxy: db, toxic: timeout}
""",
    )
    planned = [(each.name, each.key[1], each.at, each.until) for each in scenario.timed]
    assert planned == [
        ("early", "down", 0, 10),
        ("again", "down", 10, 11.5),
        ("slow", "slow", 30, 45),
        ("late", "down", 40, None),
    ]
    faster = rehearsed(scenario, 10)
    assert [(each.at, each.lasts) for each in faster.timed] == [
        (0, 1),
        (1, 0.15),
        (3, 1.5),
        (4, None),
    ]
