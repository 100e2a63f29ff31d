from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from loadtui.errors import BadInput, ScenarioError
from loadtui.load.journey_call import Calls, write
from loadtui.load.prepared import PreparedRequest
from loadtui.load.values import Sources, Values
from loadtui.model.scenario import Scenario
from loadtui.scenario.load import load

LIST = "requests: [{url: /a}, {url: /b, headers: {X-Request-Id: mine}}]\n"


def loaded(tmp_path: Path, tracing: str, what: str = LIST, **env: str) -> Scenario:
    file = tmp_path / "traced.yaml"
    file.write_text(f"target: http://127.0.0.1:1\n{what}{tracing}")
    return load(file, env=env)


def sent(scenario: Scenario, which: int = 0) -> tuple[bytes, bytes]:
    """The heads of two iterations' request."""
    values = Values(1, Sources(Random(1), Random(2), lambda: 0.0))
    request = PreparedRequest(scenario.requests[which])
    return tuple((request.call or request.build(values)).head for _ in range(2))  # type: ignore[return-value]


def field(head: bytes, name: str) -> str:
    found = re.findall(rf"(?im)^{name}: (.*)\r$", head.decode())
    assert len(found) == 1, head
    return str(found[0])


def test_off_unless_the_file_says_so(tmp_path: Path) -> None:
    assert b"traceparent" not in sent(loaded(tmp_path, ""))[0].lower()


def test_all_three_fresh_for_each_request(tmp_path: Path) -> None:
    one, other = sent(loaded(tmp_path, "tracing: {sample: 1}\n"))
    assert field(one, "traceparent").endswith("-01")
    assert field(one, "traceparent") != field(other, "traceparent")
    assert field(one, "x-request-id") != field(other, "x-request-id")
    assert field(one, "x-load-test-id") == "local"


def test_the_run_id_comes_from_the_environment(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, "tracing: {}\n", TEST_RUN_ID="build-7")
    assert field(sent(scenario)[0], "x-load-test-id") == "build-7"


def test_a_run_id_that_no_header_can_hold(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="TEST_RUN_ID"):
        loaded(tmp_path, "tracing: {}\n", TEST_RUN_ID="a\nb: c")


def test_a_header_of_the_requests_own_wins(tmp_path: Path) -> None:
    head = sent(loaded(tmp_path, "tracing: {}\n"), which=1)[0]
    assert field(head, "x-request-id") == "mine"
    assert field(head, "traceparent")


def test_only_those_that_are_named(tmp_path: Path) -> None:
    head = sent(loaded(tmp_path, "tracing: {headers: [x-load-test-id]}\n"))[0].lower()
    assert b"x-load-test-id: local" in head
    assert b"traceparent" not in head


def test_journeys_send_them_too(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("async def main(vu): ...\n")
    scenario = loaded(tmp_path, "tracing: {}\n", "journey: shop.py:main\n")
    assert scenario.code is not None
    start = Calls(scenario.code).start("GET", "/x", "")
    values = Values(1, Sources(Random(1), Random(2), lambda: 0.0))
    head = write(start, "GET", {}, None, 1.0, values).head
    assert field(head, "traceparent")
    assert field(head, "x-request-id")


def test_bad_words_are_named_with_their_place(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        loaded(tmp_path, "tracing: {sample: 2, headers: [tracparent]}\n")
    text = str(caught.value)
    assert "2 is not a share" in text
    assert "traceparent" in text
