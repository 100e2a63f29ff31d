from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy import encode


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_string_reads_back_as_it_was_and_is_safe_within_a_page(value: str) -> None:
    encoded = encode.text(value)
    assert json.loads(encoded) == value
    assert not set(encoded) & set("<>&\u2028\u2029")


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (1.0, "1"),
        (0.0, "0"),
        (0.33, "0.33"),
        (1 / 3, "0.33333334"),
        (-1.0, "-1"),
        (16777217.0, "16777216"),
        (1e-7, "1e-7"),
        (0.000001, "0.000001"),
        (1.2345678e-6, "0.0000012345678"),
        (9.9999e-7, "9.9999e-7"),
        (0.00001, "0.00001"),
        (-0.0, "-0"),
        (3.4e38, "3.4e+38"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
    ],
)
def test_a_float_has_32_bits_and_as_few_digits_as_tell_it(value: float, printed: str) -> None:
    assert encode.float32(value) == printed


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_every_float_of_32_bits_reads_back(value: float) -> None:
    assert encode.to_float32(float(encode.float32(value))) == value


def test_a_toxic_shows_every_attribute_of_its_type_in_order() -> None:
    slicer = Toxic("cut", "slicer", "upstream", 0.5, {"delay": 3, "average_size": 10})
    assert encode.toxic(slicer) == (
        '{"attributes":{"average_size":10,"size_variation":0,"delay":3},'
        '"name":"cut","type":"slicer","stream":"upstream","toxicity":0.5}'
    )
    assert encode.toxics([]) == "[]"


def test_names_are_sorted_by_their_bytes() -> None:
    assert encode.named({"b": "2", "ä": "3", "B": "1"}) == '{"B":1,"b":2,"ä":3}'


def test_an_error_carries_text_and_status() -> None:
    assert encode.error('no "<b>"', 404) == '{"error":"no \\"\\u003cb\\u003e\\"","status":404}'
