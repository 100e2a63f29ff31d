"""The headers that `tracing:` adds to every request (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from loadtui.errors import BadInput
from loadtui.model.journey import Code
from loadtui.model.request import RequestTemplate
from loadtui.model.scenario import Scenario
from loadtui.model.text import Text, Variable, constant
from loadtui.model.trace import HeaderName, Tracing, cut
from loadtui.scenario import header
from loadtui.scenario.fields import choice, field

TraceHeader = Annotated[
    HeaderName, field(choice(traceparent=True, x_request_id=True, x_load_test_id=True))
]

RUN_ID = "TEST_RUN_ID"
"""The environment variable that names a run."""


def trace_headers(tracing: Tracing | None, environment: Mapping[str, str]) -> header.Headers:
    """Those headers, none where `tracing` is None; a request's and the file's own go over them.

    Raises:
        BadInput: for a run id that no header can hold.
    """
    if tracing is None:
        return ()
    return tuple((name, _value(name, tracing, environment)) for name in tracing.headers)


def _value(name: HeaderName, tracing: Tracing, environment: Mapping[str, str]) -> Text:
    match name:
        case "traceparent":
            return Text((Variable("trace", name=cut(tracing.sample), escape="header"),))
        case "x-request-id":
            return Text((Variable("uuid", escape="header"),))
        case "x-load-test-id":
            return _run_id(environment.get(RUN_ID, "").strip() or "local")


def _run_id(written: str) -> Text:
    text = constant(written)
    try:
        header.check_value("x-load-test-id", text)
    except BadInput as error:
        raise BadInput(f"{RUN_ID}: {error.what}", hint="use letters, digits and -") from None
    return text


def traced(scenario: Scenario, headers: header.Headers) -> Scenario:
    """The scenario with those headers on every request that does not set them itself."""
    if not headers:
        return scenario
    journeys = (
        msgspec.structs.replace(
            each, requests=_on_all(each.requests, headers), code=_on_code(each.code, headers)
        )
        for each in scenario.journeys
    )
    return msgspec.structs.replace(
        scenario,
        requests=_on_all(scenario.requests, headers),
        code=_on_code(scenario.code, headers),
        journeys=tuple(journeys),
    )


def _on_all(
    requests: tuple[RequestTemplate, ...], headers: header.Headers
) -> tuple[RequestTemplate, ...]:
    return tuple(
        msgspec.structs.replace(each, headers=header.merged(headers, each.headers))
        for each in requests
    )


def _on_code(code: Code | None, headers: header.Headers) -> Code | None:
    if code is None:
        return None
    return msgspec.structs.replace(code, headers=header.merged(headers, code.headers))
