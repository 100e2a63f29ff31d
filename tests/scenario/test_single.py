from __future__ import annotations

import pytest

from loadtui.errors import BadInput
from loadtui.model.request import Think
from loadtui.model.text import Text, Variable, constant
from loadtui.scenario.single import from_url

URL = "http://127.0.0.1:8000/api/orders?page=1"


def test_a_url_is_a_whole_scenario() -> None:
    scenario = from_url(URL)
    assert scenario.name == "127.0.0.1:8000/api/orders"
    assert scenario.target == "http://127.0.0.1:8000"
    (request,) = scenario.requests
    assert (request.name, request.method) == ("GET /api/orders", "GET")
    assert request.url == constant(URL)
    assert (request.headers, request.body, request.think) == ((), None, Think())
    assert scenario.scenarios == ()


def test_flags_as_curl_knows_them() -> None:
    scenario = from_url(
        URL,
        headers=("Authorization: Bearer abcdef", "x-request-id: ${uuid}"),
        body='{"n": ${random:1..9}}',
        think="1s..3s",
        thresholds=("p(95)<500", "http_req_failed: rate<0.01"),
    )
    (request,) = scenario.requests
    assert request.method == "POST"
    assert request.headers == (
        ("Authorization", constant("Bearer abcdef")),
        ("x-request-id", Text((Variable("uuid", escape="header"),))),
        ("content-type", constant("application/json")),
    )
    assert request.body == Text(('{"n": ', Variable("random", low=1, high=9), "}"))
    assert request.think == Think(1, 3)
    assert [each.metric for each in scenario.thresholds] == ["http_req_duration", "http_req_failed"]
    assert scenario.secrets == ("Bearer abcdef", "abcdef")


def test_a_body_that_is_no_json_is_a_form_unless_told() -> None:
    form = from_url(URL, method="put", body="a=1").requests[0]
    assert form.method == "PUT"
    assert form.headers == (("content-type", constant("application/x-www-form-urlencoded")),)
    told = from_url(URL, headers=("Content-Type: text/plain",), body="a=1").requests[0]
    assert told.headers == (("Content-Type", constant("text/plain")),)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"url": "localhost:8000"}, "has no scheme; write http://localhost:8000"),
        ({"url": "example.com/x"}, "write http://example.com/x if it names its host"),
        ({"method": "G ET"}, "'G ET' is not a method; write GET, POST"),
        ({"method": "connect"}, "CONNECT opens a tunnel"),
        ({"headers": ("nope",)}, "'nope' is not a header; write it as 'Name: value'"),
        ({"headers": ("a b: c",)}, "'a b' is not a header name"),
        ({"headers": ("Content-Length: 5",)}, "the header Content-Length is computed"),
        ({"headers": ("x: a\nb",)}, "the header x holds the control character U+000A"),
        ({"headers": ("x: ü",)}, "the header x is not ASCII"),
        ({"headers": ("x: ${TOKEN}",)}, "${TOKEN} has no value; the shell fills in $NAME"),
        ({"headers": ("x: ${random:9..1}",)}, "is an empty range; write ${random:1..9}"),
        ({"think": "5"}, "the duration 5 has no unit; write 5s or 5ms"),
        ({"think": "3s..1s"}, "'3s..1s' is an empty range; write 1s..3s"),
        ({"thresholds": ("p(95)<500ms",)}, "the limit '500ms' has a unit"),
        ({"thresholds": ("rate<1",)}, "names no metric"),
    ],
)
def test_bad_flags_say_what_to_do(arguments: dict[str, str], says: str) -> None:
    given: dict[str, object] = {"url": URL, **arguments}
    with pytest.raises(BadInput) as refused:
        from_url(**given)  # type: ignore[arg-type]
    assert says in str(refused.value)
