from __future__ import annotations

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.json_path import compile_path

NAMES = st.sampled_from(["a", "b", "id"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(NAMES, min_size=1, max_size=3), JSON)
def test_plain_names_find_what_jmespath_finds(names: list[str], value: object) -> None:
    path = ".".join(names)
    assert compile_path(path)(value) == jmespath.search(path, value)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("items[0].id", 7),
        ("length(items)", 2),
        ("items[?id > `8`] | [0].name", "nine"),
        ("items[5]", None),
        ('"odd-name"', 1),
    ],
)
def test_the_whole_language_is_there(path: str, found: object) -> None:
    value = {"items": [{"id": 7}, {"id": 9, "name": "nine"}], "odd-name": 1}
    assert compile_path(path)(value) == found


def test_a_function_that_does_not_fit_the_answer_finds_nothing() -> None:
    assert compile_path("length(count)")({"count": 3}) is None


def test_no_jmespath_is_said() -> None:
    with pytest.raises(ValueError, match=r"'items\[' is no JMESPath"):
        compile_path("items[")
