from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.model.text import Escape, Text, Variable, constant, joined

SAVED = Variable("saved", name="id")


def rendered(escape: Escape, value: object) -> str:
    return Text((SAVED,)).escaped(escape).render(lambda _: value)


@pytest.mark.parametrize(
    ("escape", "value", "text"),
    [
        ("", "a b", "a b"),
        ("", 17, "17"),
        ("", {"a": [1, None]}, '{"a":[1,null]}'),
        ("header", "a\r\nx-evil: 1", "a  x-evil: 1"),
        ("url", "/next?page=2&q=a b\r\n", "/next?page=2&q=a%20b%0D%0A"),
        ("url", "ü", "%C3%BC"),
        ("form", "a&b=c d", "a%26b%3Dc+d"),
        ("json", 'say "hi"\n', 'say \\"hi\\"\\n'),
        ("json value", "17", '"17"'),
        ("json value", 17, "17"),
        ("json value", True, "true"),
    ],
)
def test_a_value_is_written_as_its_place_needs(escape: Escape, value: object, text: str) -> None:
    assert rendered(escape, value) == text


@given(st.text())
def test_no_value_breaks_out_of_a_json_string(value: str) -> None:
    body = joined('{"id":"', Text((SAVED,)).escaped("json"), '"}').render(lambda _: value)
    assert json.loads(body) == {"id": value}


@given(st.text())
def test_no_value_breaks_a_header_or_a_request_line(value: str) -> None:
    assert not set(rendered("header", value)) & set("\r\n\0")
    assert rendered("url", value).isascii()
    assert not set(rendered("url", value)) & set("\r\n\0 ")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_a_saved_value_stays_what_it_was(value: object) -> None:
    assert json.loads(rendered("json value", value)) == value


@pytest.mark.parametrize("value", [5, "5"])
def test_a_number_of_ours_is_a_number_in_json(value: object) -> None:
    text = Text((Variable("random", low=1, high=9),)).escaped("json value")
    assert text.render(lambda _: value) == "5"


def test_constant_parts_merge() -> None:
    assert joined("a", constant("b"), "", Text(("c", SAVED)), "d") == Text(("abc", SAVED, "d"))
    assert joined().is_constant
    assert Text(("a", SAVED)).variables == (SAVED,)
    assert not Text((SAVED,)).is_constant


def test_a_name_never_saved_is_the_callers_to_tell() -> None:
    saved: dict[str, str] = {}
    with pytest.raises(KeyError):
        Text((SAVED,)).render(lambda variable: saved[variable.name])
