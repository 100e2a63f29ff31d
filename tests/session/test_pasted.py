from __future__ import annotations

import msgspec
import pytest

from loadtui.errors import BadInput, LoadtuiError
from loadtui.model.executor import ConstantVus, Entry
from loadtui.model.request import RequestTemplate
from loadtui.model.scenario import Guard, Scenario
from loadtui.model.text import constant
from loadtui.model.threshold import parse_flag
from loadtui.session.pasted import LARGEST, offer

LOCAL = "http://127.0.0.1:3000"
PRESENT = Scenario(
    name="old",
    target="http://127.0.0.1:9",
    requests=(RequestTemplate(name="GET /old", url=constant("http://127.0.0.1:9/old")),),
    scenarios=(Entry("default", ConstantVus(30.0, 5), exec="buy"),),
    thresholds=(parse_flag("p(95)<500"),),
    guard=Guard(max_vus=7),
    secrets=("older",),
)
COMMAND = (
    f"$ curl -X POST '{LOCAL}/api/orders?token=t0k3n' -H 'Authorization: Bearer s3cr3t' \\\n"
    "  -H 'content-type: application/json' --data-raw '{\"id\": 1}'"
)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_the_requests_are_replaced_and_all_else_stays(end: str) -> None:
    made, left_out = offer(COMMAND.replace("\n", end), PRESENT)
    (request,) = made.scenario.requests
    assert (request.method, made.scenario.target) == ("POST", LOCAL)
    assert request.body is not None
    assert made.scenario.name == "POST /api/orders"
    assert made.scenario.thresholds == PRESENT.thresholds
    assert made.scenario.guard == PRESENT.guard
    assert made.scenario.scenarios == (Entry("default", ConstantVus(30.0, 5)),)
    assert left_out == ""


def test_the_question_names_what_changes_and_no_secret() -> None:
    made, _ = offer(COMMAND, PRESENT)
    assert made.question == f"Load POST /api/orders of {LOCAL} instead of GET /old?"
    assert {"older", "Bearer s3cr3t"} <= set(made.scenario.secrets)


def test_several_commands_are_one_iteration_and_what_is_left_out_is_named() -> None:
    text = f"curl {LOCAL}/a\nls\ncurl -k {LOCAL}/b\ncurl {LOCAL}/c\ncurl {LOCAL}/d"
    made, left_out = offer(text, PRESENT)
    assert [each.name for each in made.scenario.requests] == [f"GET /{each}" for each in "abcd"]
    assert "GET /a, GET /b, GET /c and 1 more of" in made.question
    assert left_out == (
        "line 2: this is no curl command: ls; -k is left out: --insecure at the start does that"
    )
    assert made.scenario.tls.verify


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ls -l", "only curl commands can be pasted here; copy a request as cURL"),
        ("curl", "no request was found"),
        ("curl 'unclosed", "no request was found: this is no command that a shell could read"),
        ("c" * (LARGEST + 1), "what was pasted is too long; write it to a file, and import that"),
        (f"curl {LOCAL}/a -d @/etc/passwd", "a pasted command reads no file, not /etc/passwd"),
        ("curl http://example.com/a", "example.com (192.0.2.1) is not on this machine"),
        ("curl http://gone.example/a", "gone.example does not resolve"),
        ("curl ftp://127.0.0.1/a", "no request was found"),
    ],
)
def test_what_is_not_taken(text: str, says: str) -> None:
    def lookup(host: str) -> list[str]:
        if host == "gone.example":
            raise OSError(-2, "Name or service not known")
        return ["192.0.2.1"] if host == "example.com" else [host]

    with pytest.raises(LoadtuiError) as refused:
        offer(text, PRESENT, lookup=lookup)
    assert says in str(refused.value)


def test_a_host_that_the_guard_allows_is_taken() -> None:
    allowed = msgspec.structs.replace(PRESENT, guard=Guard(allow=("example.com",)))
    made, _ = offer("curl http://example.com/a", allowed, lookup=lambda _: ["192.0.2.1"])
    assert made.scenario.target == "http://example.com"
    with pytest.raises(BadInput):
        offer("", allowed)
