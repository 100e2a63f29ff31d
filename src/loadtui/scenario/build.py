"""A checked file → the model's Scenario (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

import msgspec

from loadtui.model.journey import Code, Journey
from loadtui.model.metric import MetricType
from loadtui.model.profile import PROFILES, added
from loadtui.model.request import Check, RequestTemplate
from loadtui.model.scenario import FaultPreset, Guard, Scenario
from loadtui.model.text import Text, constant
from loadtui.model.threshold import Threshold, parse
from loadtui.model.toxic import Proxy, Toxic
from loadtui.scenario import header
from loadtui.scenario.body import FORM, JSON, cookie_text, form_text, json_text
from loadtui.scenario.executor import entries
from loadtui.scenario.fault_rules import attributes
from loadtui.scenario.fields import meant
from loadtui.scenario.raw import template_of
from loadtui.scenario.schema import ChaosPart, CheckPart, FaultPart, FilePart, RequestPart
from loadtui.scenario.upload import kind_of, with_uploads
from loadtui.scenario.url import absolute, origin


def build(
    part: FilePart, *, name: str, secret: Mapping[str, str], codes: Mapping[str, Code]
) -> Scenario:
    """The scenario of a file that has no problems.

    `name`: what it is called where the file says nothing. `secret`: environment variables that the
    file uses. `codes`: its journeys in Python, "" that of `journey`. Paths are left to the caller,
    who knows where the file lies.
    """
    requests = tuple(_request(part, each) for each in part.requests)
    journeys = tuple(_journey(part, each, codes) for each in part.journeys)
    every = (*requests, *chain.from_iterable(each.requests for each in journeys))
    headers = chain(_headers(part.headers, part.cookies), *(each.headers for each in every))
    return Scenario(
        name=part.name or name,
        description=part.description,
        owner=part.owner,
        target=part.target or (origin(str(every[0].url.parts[0])) if every else ""),
        requests=requests,
        code=_code(part, codes[""]) if "" in codes else None,
        journeys=journeys,
        tags=dict(part.tags),
        scenarios=entries(part),
        profile=part.profile,
        thresholds=_all_thresholds(part),
        own_thresholds=tuple(_thresholds(part)) if part.profile else (),
        metrics=dict(_metrics(part)),
        guard=Guard(**{**part.guard.model_dump(), "allow": tuple(part.guard.allow)}),
        redirects=part.redirects,
        connect_timeout=part.timeout.connect,
        client=part.client,
        connections=part.connections,
        max_age=part.max_age,
        toxiproxy=part.chaos.toxiproxy,
        proxies=tuple(_proxies(part.chaos)),
        faults=tuple(_faults(part.chaos)),
        secrets=header.secrets(headers, secret),
    )


def _request(file: FilePart, part: RequestPart) -> RequestTemplate:
    body, kind = _body(part)
    headers = header.merged(
        (("content-type", constant(kind)),) if kind else (),
        _headers(file.headers, file.cookies),
        _headers(part.headers, {**file.cookies, **part.cookies}),
    )
    template = RequestTemplate(
        name=part.name or f"{part.method} {template_of(part.url)}",
        method=part.method,
        url=absolute(part.url, file.target),
        headers=headers,
        body=body,
        tags=dict(part.tags),
        checks=tuple(_check(name, check) for name, check in part.checks.items()),
        save=dict(part.save),
        count=dict(part.count),
        think=part.think,
        expect=part.expect,
        timeout=part.timeout or file.timeout.request,
    )
    return with_uploads(template, part.file, part.form or {}) if part.file else template


def _journey(file: FilePart, name: str, codes: Mapping[str, Code]) -> Journey:
    if name in codes:
        return Journey(name, code=_code(file, codes[name]))
    return Journey(name, tuple(_request(file, each) for each in file.journeys[name]))


def _code(file: FilePart, code: Code) -> Code:
    """The code with what the file says for every request."""
    return msgspec.structs.replace(
        code,
        target=file.target,
        headers=_headers(file.headers, file.cookies),
        timeout=file.timeout.request,
    )


def _headers(headers: Mapping[str, Text], cookies: Mapping[str, Text]) -> header.Headers:
    own = tuple((name, text.escaped("header")) for name, text in headers.items())
    if cookies and not header.has(own, "cookie"):
        own = (*own, ("cookie", cookie_text(cookies)))
    return own


def _body(part: RequestPart) -> tuple[Text | None, str]:
    if part.file:
        return None, kind_of(part.file, part.form or {})
    if "json_" in part.model_fields_set:
        return json_text(part.json_), JSON
    if part.form is not None:
        return form_text(part.form), FORM
    return (part.body.escaped("") if part.body is not None else None), ""


def _check(name: str, part: CheckPart) -> Check:
    has_header = bool(part.header)
    return Check(
        name=name,
        statuses=part.status,
        json_path=part.json_,
        json_is=None if has_header else meant(part.is_),
        header=part.header,
        header_is=part.is_ if has_header else None,
        body=part.body,
        duration=part.duration,
    )


def _metrics(part: FilePart) -> dict[str, MetricType]:
    counted = (name for request in part.requests for name in request.count)
    return {**dict.fromkeys(counted, "counter"), **part.metrics}


def _all_thresholds(part: FilePart) -> tuple[Threshold, ...]:
    own = tuple(_thresholds(part))
    return added(own, PROFILES[part.profile]) if part.profile else own


def _thresholds(part: FilePart) -> Iterator[Threshold]:
    declared = _metrics(part)
    for key, rules in part.thresholds.items():
        for entry in rules:
            yield msgspec.structs.replace(
                parse(key, entry.threshold, declared=declared),
                abort_on_fail=entry.abortOnFail,
                delay_abort=entry.delayAbortEval,
            )


def _proxies(part: ChaosPart) -> Iterator[Proxy]:
    for name, proxy in part.proxies.items():
        yield Proxy(name=name, listen=proxy.listen, upstream=proxy.upstream)


def _faults(part: ChaosPart) -> Iterator[FaultPreset]:
    for name, fault in part.faults.items():
        yield FaultPreset(name, fault.proxy, _toxic(name, fault), at=fault.at, lasts=fault.for_)


def _toxic(name: str, fault: FaultPart) -> Toxic | None:
    if fault.toxic is None:
        return None
    return Toxic(
        name=name,
        type=fault.toxic,
        stream=fault.stream,
        toxicity=fault.toxicity,
        attributes=attributes(fault.toxic, fault.attributes),
    )
