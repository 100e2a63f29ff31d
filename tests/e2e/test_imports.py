"""What each importer makes of a file somebody has, run against the demo: it counts what arrives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.demo_system import DemoSystem, demo_system
from tests.support.shell import shell

ORDER = {
    "customerId": "cust-123",
    "items": [{"productId": "prod-1", "quantity": 2, "unitPrice": 1500}],
}
BODY = json.dumps(ORDER)
CURL = f"""\
# copied from the browser
curl 'SYSTEM/api/products' -H 'x-api-key: test-key' -H 'Accept: application/json' --compressed
ls -l
curl -X POST 'SYSTEM/api/orders' \\
  -H 'x-api-key: test-key' -H 'content-type: application/json' \\
  --data-raw '{BODY}'
"""
HTTP = f"""\
@base = SYSTEM
### products
GET {{{{base}}}}/api/products
x-api-key: test-key

###
# @name create
POST {{{{base}}}}/api/orders
x-api-key: test-key
content-type: application/json

{BODY}

> {{% client.test("created", () => {{}}) %}}
"""
K6 = f"""\
import http from 'k6/http';
import {{ check, sleep }} from 'k6';
import {{ Counter }} from 'k6/metrics';
const created = new Counter('order_created');
export const options = {{
  stages: [{{ duration: '2m', target: 50 }}, {{ duration: '5m', target: 50 }}],
  thresholds: {{ http_req_duration: ['p(95)<5000', 'p(99)<10000'] }},
}};
const BASE_URL = __ENV.BASE_URL || 'SYSTEM';
const API_KEY = __ENV.API_KEY || 'test-key';
export default function () {{
  const payload = JSON.stringify({BODY});
  const params = {{ headers: {{ 'Content-Type': 'application/json', 'x-api-key': API_KEY }},
                   tags: {{ endpoint: 'create_order' }} }};
  const made = http.post(`${{BASE_URL}}/api/orders`, payload, params);
  check(made, {{ 'status is 201': (r) => r.status === 201 }});
  if (made.status === 201) created.add(1);
  sleep(1);
  http.get(`${{BASE_URL}}/api/products`, {{ headers: {{ 'x-api-key': API_KEY }} }});
}}
"""
OPENAPI = {
    "openapi": "3.0.3",
    "servers": [{"url": "SYSTEM"}],
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}}
    },
    "security": [{"key": []}],
    "paths": {
        "/api/products": {
            "get": {
                "parameters": [{"in": "cookie", "name": "session", "required": True}],
                "responses": {"200": {"description": "all"}},
            }
        },
        "/api/orders": {
            "post": {
                "requestBody": {"content": {"application/json": {"example": ORDER}}},
                "responses": {"201": {"description": "created"}},
            }
        },
    },
}


def har(base: str) -> str:
    """A recording as browsers write it, with an image and a broken entry."""
    key = {"name": "x-api-key", "value": "test-key"}
    json_type = {"name": "Content-Type", "value": "application/json"}

    def entry(method: str, path: str, second: int, **more: object) -> dict[str, object]:
        began = f"2026-01-01T10:00:0{second}.000Z"
        request = {"method": method, "url": base + path, "headers": [key, json_type], **more}
        kind = "image/png" if path.endswith(".png") else "application/json"
        response = {"status": 200, "content": {"mimeType": kind}}
        return {"startedDateTime": began, "time": 20, "request": request, "response": response}

    post = {"mimeType": "application/json", "text": BODY}
    entries: list[object] = [
        entry("GET", "/api/products", 0),
        entry("GET", "/logo.png", 0),
        entry("POST", "/api/orders", 1, postData=post),
        {"request": 5},
    ]
    return json.dumps({"log": {"version": "1.2", "entries": entries}}, indent=1)


def source(kind: str, base: str) -> str:
    """A file of that kind, about the system at `base`."""
    texts = {"curl": CURL, "http": HTTP, "k6": K6, "openapi": json.dumps(OPENAPI, indent=1)}
    return har(base) if kind == "har" else texts[kind].replace("SYSTEM", base)


def line(kind: str, base: str, part: str, nth: int = 1) -> int:
    """The number of the line in which `part` stands for the nth time."""
    found = [n for n, each in enumerate(source(kind, base).splitlines(), 1) if part in each]
    return found[nth - 1]


def skipped(kind: str, base: str) -> list[str]:
    """What cannot be taken over, each with its line."""
    match kind:
        case "curl":
            return [f"{line(kind, base, 'ls -l')}: this is no curl command: ls -l"]
        case "har":
            secret = "x-api-key holds a secret: set it with -e X_API_KEY=…"
            # An entry begins with its brace, a line before its first key.
            first, image, second = (
                line(kind, base, "startedDateTime", nth) - 1 for nth in (1, 2, 3)
            )
            broken = line(kind, base, '"request": 5') - 1
            return [
                f"{first}: {secret}",
                f"{image}: GET {base}/logo.png is an asset; --assets takes it",
                f"{second}: {secret}",
                f"{broken}: this entry has no request with a url",
            ]
        case "http":
            return [f"{line(kind, base, 'client.test')}: a script is left out"]
        case "k6":
            at = line(kind, base, "made.status")
            statement = "if ( made . status === 201 ) created . add ( 1 ) ;"
            return [
                f"{at}: what stands in this if is read as if it were taken",
                f"{at}: not understood: {statement}",
            ]
        case _:
            return [f"{line(kind, base, 'get')}: the cookie session is left out"]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSystem]:
    with demo_system(tmp_path_factory.mktemp("served")) as served:
        yield served


def test_a_first_file_holds_on_the_demo(system: DemoSystem, tmp_path: Path) -> None:
    shell(tmp_path, "init", folder=tmp_path)
    words = ("run", "scenario.yaml", "--headless", "--time-scale", "20")
    done = shell(tmp_path, *words, "-e", f"BASE_URL={system.url}", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "THRESHOLDS over the run: none failed" in done.stdout


def test_what_is_imported_is_staged_by_two_lines_of_its_own(
    system: DemoSystem, tmp_path: Path
) -> None:
    line = f"curl {system.url}/api/products -H 'x-api-key: test-key'"
    shell(tmp_path, "import", "curl", line, "-o", "s.yaml", folder=tmp_path)
    file = tmp_path / "s.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("# load:", "load:").replace("# thresholds:", "thresholds:"))
    told = shell(tmp_path, "validate", "s.yaml", folder=tmp_path)
    assert told.stdout == "s.yaml: valid (1 request, 2 thresholds, up to 50 VUs, 9m)\n"


@pytest.mark.parametrize("kind", ["curl", "har", "http", "k6", "openapi"])
def test_an_import_runs_against_the_demo(kind: str, system: DemoSystem, tmp_path: Path) -> None:
    (tmp_path / "given").write_text(source(kind, system.url), encoding="utf-8")
    made = shell(tmp_path, "import", kind, "given", "-o", "s.yaml", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    *told, last = made.stderr.splitlines()
    assert "loadtui run s.yaml" in last
    assert told == [f"given:{each}" for each in skipped(kind, system.url)]
    checked = shell(tmp_path, "validate", "s.yaml", folder=tmp_path)
    assert checked.stdout.startswith("s.yaml: valid (2 requests"), checked.stderr
    before = system.answered()
    words = ("--headless", "--vus", "2", "--iterations", "4", "-e", "X_API_KEY=test-key")
    done = shell(tmp_path, "run", "s.yaml", *words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    served = {name: n - before.get(name, 0) for name, n in system.answered().items()}
    assert {name: n for name, n in served.items() if n} == {
        "GET /api/products 200": 4,
        "POST /api/orders 201": 4,
    }
