from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import BadInput
from loadtui.model.executor import ConstantRate, ConstantVus, RampingVus, SharedIterations
from loadtui.model.scenario import Scenario
from loadtui.scenario.importer.k6 import from_k6
from loadtui.scenario.importer.write import written
from loadtui.scenario.load import load

ORDERS = """\
import http from 'k6/http';
import { check, sleep, group } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import papaparse from 'https://jslib.k6.io/papaparse/5.1.1/index.js';

const orderCreated = new Counter('order_created');
const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:3000';
const params = {
  headers: { 'Content-Type': 'application/json', 'x-api-key': __ENV.API_KEY || 'test-key' },
};

export const options = {
  stages: [
    { duration: '2m', target: 50 }, // up
    { duration: '5m', target: 50 },
    { duration: '2m', target: 0 },
  ],
  thresholds: {
    http_req_duration: [
      'p(95)<500',
      { threshold: 'p(99)<1000', abortOnFail: true, delayAbortEval: '10s' },
    ],
    'http_req_failed': ['rate<0.01'],
    'http_req_duration{endpoint:create_order}': ['p(95)<800'],
    order_created: ['count>100'],
    nonsense: ['p(95)<1'],
  },
  dns: { ttl: '1m' },
};

export function setup() {
  http.get(`${BASE_URL}/setup`);
}

export default function () {
  const payload = JSON.stringify({
    customerId: `cust-${__VU}`,
    items: [{ productId: 'prod-1', quantity: 2, unitPrice: 1500 }],
  });
  group('checkout', function () {
    const res = http.post(`${BASE_URL}/api/orders`, payload, {
      headers: params.headers,
      tags: { endpoint: 'create_order', name: 'create_order' },
    });
    const ok = check(res, {
      'status is 201': (r) => r.status === 201,
      'has order id': (r) => r.json('id') !== undefined,
      'fast': r => r.timings.duration < 500,
      'odd': (r) => r.body.length > Math.random(),
    });
    if (ok) {
      orderCreated.add(1);
    }
    sleep(1);
    const got = http.get(`${BASE_URL}/api/orders/${res.json('id')}`, params);
    http.get(BASE_URL + '/api/products', params);
  });
  sleep(Math.random() * 3);
}
"""


def imported(tmp_path: Path, script: str) -> tuple[Scenario, list[str]]:
    found = from_k6(script)
    file = tmp_path / "made.yaml"
    file.write_text(written(found, source="k6"))
    return load(file, env={}), [each.told("f") for each in found.skipped]


def test_requests_checks_think_time_and_saved_values(tmp_path: Path) -> None:
    made, _ = imported(tmp_path, ORDERS)
    create, get, products = made.requests
    assert (create.name, create.method, create.tags) == (
        "create_order", "POST", {"endpoint": "create_order"},
    )  # fmt: skip
    assert [each.name for each in create.checks] == ["status is 201", "has order id", "fast"]
    assert create.checks[2].duration == 0.5
    assert create.think.low == 1
    assert create.save == {"res_id": "id"}
    assert [each.name for each in get.url.variables] == ["res_id"]
    assert products.url.parts == ("http://127.0.0.1:3000/api/products",)


def test_options_in_k6s_own_words(tmp_path: Path) -> None:
    made, _ = imported(tmp_path, ORDERS)
    ramp = made.scenarios[0].executor
    assert isinstance(ramp, RampingVus)
    assert [(each.duration, each.target) for each in ramp.stages] == [
        (120, 50),
        (300, 50),
        (120, 0),
    ]
    assert len(made.thresholds) == 5
    aborting = [each for each in made.thresholds if each.abort_on_fail]
    assert [each.delay_abort for each in aborting] == [10]
    assert made.metrics == {"order_created": "counter"}


def test_everything_else_is_named_with_its_line(tmp_path: Path) -> None:
    lines = ORDERS.split("\n")
    _, skipped = imported(tmp_path, ORDERS)
    for words in (
        "papaparse", "nonsense", "dns", "setup()", "'odd'", "orderCreated", "this sleep",
    ):  # fmt: skip
        told = next(each for each in skipped if words in each)
        line = lines[int(told.split(":")[1]) - 1]
        assert words.strip("'").split("()")[0].split()[-1] in line


def options(text: str) -> str:
    return f"""import http from 'k6/http';
export let options = {text}
export default () => {{ http.get('http://127.0.0.1:3000/') }}
"""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{ vus: 5, duration: '30s' };", ConstantVus),
        ("{ vus: 5, duration: 30000 }", ConstantVus),
        ("{ vus: 5, iterations: 50 }", SharedIterations),
        ("{ vus: 2 }", SharedIterations),
        (
            """{ scenarios: { a: { executor: 'constant-arrival-rate', rate: 5, timeUnit: '1s',
               duration: '1m', preAllocatedVUs: 3, exec: 'default', }, }, }""",
            ConstantRate,
        ),
    ],
)
def test_every_shape_of_load(tmp_path: Path, text: str, kind: type) -> None:
    made, skipped = imported(tmp_path, options(text))
    assert [type(each.executor) for each in made.scenarios] == [kind]
    assert skipped == []


@pytest.mark.parametrize(
    "text",
    [
        "{ stages: makeStages() }", "{ duration: __ENV.D }", "{ scenarios: { a: 5 } }",
        "{ vus: -5, duration: '30s' }", "{ stages: [{ target: 5 }] }", "{ stages: 'x' }",
        "{ thresholds: { http_req_duration: ['p(95)'] } }", "{ vus: 5, duration: 'soon' }",
    ],
)  # fmt: skip
def test_options_that_cannot_be_taken_are_named(tmp_path: Path, text: str) -> None:
    made, skipped = imported(tmp_path, options(text))
    assert len(made.requests) == 1
    assert skipped


WORDS = [
    *(
        "http",
        ".",
        "get",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ",",
        ";",
        ":",
        "'",
        '"',
        "`",
        "${",
        "const",
    ),
    *("x", "=", "options", "export", "new", "Counter", "check", "sleep", "1", "'http://h/'", "=>"),
    *("r", "status", "===", "200", "+", "||", "__ENV", "/", "\\", "\n", "//", "/*", "import"),
    *("from", "k6", "function"),
]


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=40,
    )
)
def test_hostile_scripts_are_refused_or_written(words: list[str]) -> None:
    found = from_k6(f"http.get('http://127.0.0.1/');\n{' '.join(words)}")
    try:
        written(found, source="k6")
    except BadInput:
        assert not found.requests


@pytest.mark.parametrize("script", ["[" * 5000, "{a:" * 5000, "(" * 5000, "`${" * 500, "a." * 5000])
def test_deep_scripts_end(script: str) -> None:
    assert from_k6(f"const x = {script}").requests == []
