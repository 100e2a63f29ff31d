"""A scenario of one request, from a URL and flags, or of one journey."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from loadtui.errors import BadInput
from loadtui.model.request import RequestTemplate
from loadtui.model.scenario import Scenario
from loadtui.model.text import Text, constant
from loadtui.model.threshold import parse_flag
from loadtui.model.units import header
from loadtui.scenario import header as headers_
from loadtui.scenario import think as think_
from loadtui.scenario.journey import find
from loadtui.scenario.text import Names, parse
from loadtui.scenario.url import absolute, base, origin


def from_url(
    url: str,
    *,
    method: str | None = None,
    headers: Sequence[str] = (),
    body: str | None = None,
    think: str = "0s",
    thresholds: Sequence[str] = (),
) -> Scenario:
    """The scenario that sends one request again and again.

    `method` None: GET, or POST where there is a body. `headers`: `Name: value` each. `think`: `1s`
    or `1s..3s`. `thresholds`: `p(95)<500` or `metric: rule`. URL, headers and body may hold
    `${uuid}`, `${vu}`, `${iteration}`, `${now}`, `${random:1..100}`. A body without a content-type
    is sent as JSON where it is JSON, else as a form, as curl does.

    Raises:
        BadInput: for the first of them that cannot be used.
    """
    whole = absolute(_text(url))
    content = _text(body) if body is not None else None
    own = _headers(headers, content)
    verb = headers_.check_method(method) if method else ("GET" if body is None else "POST")
    start = str(whole.parts[0])
    path = start.removeprefix(origin(start)) + ("…" if len(whole.parts) > 1 else "")
    request = RequestTemplate(
        name=f"{verb} {path.partition('?')[0]}",
        method=verb,
        url=whole,
        headers=own,
        body=content,
        think=think_.parse(think),
    )
    return Scenario(
        name=start.partition("://")[2].partition("?")[0],
        target=origin(start),
        requests=(request,),
        thresholds=tuple(parse_flag(each) for each in thresholds),
        secrets=headers_.secrets(own, {}),
    )


def _text(written: str) -> Text:
    try:
        return parse(written, Names())
    except BadInput as error:
        if "has no value" in error.what:
            hint = "the shell fills in $NAME where it stands in double quotes"
            raise BadInput(error.what, hint=hint) from None
        raise


def _headers(written: Sequence[str], body: Text | None) -> headers_.Headers:
    own = tuple(_header(each) for each in written)
    if body is None or headers_.has(own, "content-type"):
        return own
    return (*own, ("content-type", constant(_content_type(body))))


def _header(written: str) -> tuple[str, Text]:
    name, value = header(written)
    text = _text(value).escaped("header")
    headers_.check_name(name)
    headers_.check_value(name, text)
    return name, text


def _content_type(body: Text) -> str:
    try:
        json.loads(body.render(lambda _: "0"))
    except ValueError:
        return "application/x-www-form-urlencoded"
    return "application/json"


def from_journey(written: str, *, target: str, env: Mapping[str, str]) -> Scenario:
    """The scenario that runs a Python journey, `shop.py` or `shop.py:buy`, again and again.

    `target`: base of its relative URLs, "" for none. `env`: what `-e` gave.

    Raises:
        BadInput: for what cannot be used.
    """
    where = base(target) if target else ""
    code = msgspec.structs.replace(find(written, Path()), target=where)
    secret = {name: value for name, value in env.items() if headers_.looks_secret(name)}
    return Scenario(
        name=Path(code.file).stem,
        target=where,
        code=code,
        env=dict(env),
        secrets=headers_.secrets((), secret),
    )
