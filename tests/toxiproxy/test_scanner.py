from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.toxiproxy.scanner import BadJson, Json, Number, Object, parse

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def plain(value: Json) -> object:
    """The value as Python's own reader would give it."""
    if isinstance(value, Object):
        return {key: plain(each) for key, each in value.members}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, Number):
        return json.loads(value)
    return value


@settings(max_examples=50)
@given(VALUES, st.booleans())
def test_json_is_read_as_pythons_own_reader_reads_it(value: object, escaped: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped).encode("utf-8", "replace")
    assert plain(parse(text)) == json.loads(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_sentence(body: bytes) -> None:
    with suppress(BadJson):
        parse(body)


@settings(max_examples=40)
@given(VALUES, st.binary(max_size=20))
def test_what_follows_the_first_value_is_ignored(value: object, rest: bytes) -> None:
    text = json.dumps([value]).encode()
    assert plain(parse(text + rest)) == json.loads(text)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "EOF"),
        (b" \n", "EOF"),
        (b"{", "unexpected EOF"),
        (b'{"a"', "unexpected EOF"),
        (b'{"a":', "unexpected EOF"),
        (b'"a', "unexpected EOF"),
        (b"x", "invalid character 'x' looking for beginning of value"),
        (b"{a", "invalid character 'a' looking for beginning of object key string"),
        (b'{"a" 1', "invalid character '1' after object key"),
        (b'{"a":1 2', "invalid character '2' after object key:value pair"),
        (b"[1 2", "invalid character '2' after array element"),
        (b"fa!", "invalid character '!' in literal false (expecting 'l')"),
        (b"-x", "invalid character 'x' in numeric literal"),
        (b"1.x", "invalid character 'x' after decimal point in numeric literal"),
        (b"1ex", "invalid character 'x' in exponent of numeric literal"),
        (b'"\n', "invalid character '\\n' in string literal"),
        (b'"\\x', "invalid character 'x' in string escape code"),
        (b'"\\u12g', "invalid character 'g' in \\u hexadecimal character escape"),
        (b"'", "invalid character '\\'' looking for beginning of value"),
        (b"\\", "invalid character '\\\\' looking for beginning of value"),
        (b'["', "unexpected EOF"),
        (b'{"a":1,}', "invalid character '}' looking for beginning of object key string"),
        (b"\x07", "invalid character '\\a' looking for beginning of value"),
        (b"\x7f", "invalid character '\\x7f' looking for beginning of value"),
        (b"\xe9", "invalid character 'é' looking for beginning of value"),
        (b"\xa0", "invalid character '\\u00a0' looking for beginning of value"),
        (b"\x01", "invalid character '\\x01' looking for beginning of value"),
        (b"[" * 100_000, "exceeded max depth"),
    ],
)
def test_what_is_wrong_is_told_in_the_originals_words(body: bytes, said: str) -> None:
    with pytest.raises(BadJson) as error:
        parse(body)
    assert str(error.value) == said


def test_numbers_stay_as_they_were_written_and_members_that_repeat_stay() -> None:
    assert parse(b'{"a":1e3,"a":-0.50}') == Object((("a", Number("1e3")), ("a", Number("-0.50"))))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'"\\ud83e\\udd80"', "\N{CRAB}"),
        (b'"\\ud83e"', "\N{REPLACEMENT CHARACTER}"),
        (b'"\\ud83ea"', "\N{REPLACEMENT CHARACTER}a"),
        (b'"\\ud83e\xdd"', "\N{REPLACEMENT CHARACTER}" * 2),
        (b'"a\xffb"', "a\N{REPLACEMENT CHARACTER}b"),
        (b'"\xe2\x82"', "\N{REPLACEMENT CHARACTER}" * 2),
        (b'"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'),
    ],
)
def test_escapes_and_bytes_that_are_no_text(body: bytes, text: str) -> None:
    assert parse(body) == text


@pytest.mark.parametrize("before", range(6))
def test_a_long_string_is_whole_wherever_it_is_cut_for_reading(before: int) -> None:
    text = "x" * before + "\N{CRAB}é€" * 20_000
    assert parse(json.dumps(text, ensure_ascii=False).encode()) == text
