from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.draft import Draft, can_draft
from loadtui.load.head import Call, build_call
from loadtui.load.values import Sources, Values
from loadtui.model.request import RequestTemplate
from loadtui.model.text import Escape, Text, Variable, constant

NASTY = st.text(
    st.sampled_from("aZ09-._~/?#[]@!$&'()*+,;=:% \r\n\0\t\x7f\"\\é€\ud800<>{}|^`"), max_size=12
)
HOSTS = ("http://127.0.0.1:3000/", "https://Example.COM/a b/", "http://[::1]/x?y=")


def saved(escape: Escape) -> Variable:
    return Variable("saved", name="it", escape=escape)


Part = str | Variable


def parts(*choices: Part) -> st.SearchStrategy[Part]:
    return st.sampled_from(choices)


def text(part: st.SearchStrategy[Part]) -> st.SearchStrategy[Text]:
    return st.lists(part, max_size=3).map(lambda chosen: Text(tuple(chosen)))


@st.composite
def templates(draw: st.DrawFn) -> RequestTemplate:
    part = parts(saved(""), saved("url"), Variable("vu"), Variable("iteration"), "%s", "/b")
    texts = text(parts(saved(""), saved("header"), Variable("vu"), "50 %", "k"))
    body = text(parts(saved("json"), saved(""), Variable("random", low=3, high=3), "{}", "\r\n"))
    names = draw(st.lists(st.sampled_from(["x-a", "X-B", "host", "accept"]), unique=True))
    return RequestTemplate(
        name="any",
        method=draw(st.sampled_from(["GET", "POST", "DELETE"])),
        url=Text((draw(st.sampled_from(HOSTS)), *draw(st.lists(part, max_size=3)))),
        headers=tuple((name, draw(texts)) for name in names),
        body=draw(st.none() | body),
        timeout=2.5,
    )


def one(value: str) -> Values:
    out = Values(7, Sources(Random(1), Random(2), lambda: 0.0))
    out.begin()
    out.saved["it"] = value
    return out


def rendered(template: RequestTemplate, values: Values) -> Call:
    headers = [(name, values.render(text)) for name, text in template.headers]
    body = None if template.body is None else values.render(template.body).encode()
    return build_call(
        template.method,
        values.render(template.url),
        headers,
        body,
        template.timeout,
        keeps_body=False,
    )


def seen(call: Call) -> object:
    return call.method, call.origin, call.head, call.body, call.wire, call.timeout, call.keeps_body


@given(template=templates(), value=NASTY)
def test_it_sends_and_refuses_what_a_call_built_from_nothing_does(
    template: RequestTemplate, value: str
) -> None:
    assert can_draft(template)
    values = one(value)
    try:
        expected = seen(rendered(template, values))
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - the sentence is build_call's own
            Draft(template, keeps_body=False).call(values)
    else:
        assert seen(Draft(template, keeps_body=False).call(values)) == expected


@pytest.mark.parametrize(
    ("url", "header"),
    [
        (Text((saved(""), "/orders")), "x-a"),
        (Text(("http://127.0.0.1:", saved(""))), "x-a"),
        (Text(("http://127.0.0.1/#", saved(""))), "x-a"),
        (constant("http://127.0.0.1/"), "Expect"),
    ],
)
def test_where_the_origin_or_the_body_waits_there_is_no_draft(url: Text, header: str) -> None:
    assert not can_draft(RequestTemplate(name="any", url=url, headers=((header, constant("x")),)))
