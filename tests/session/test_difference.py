"""Differences: applied to what was before, they give exactly what came after."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.model.history import Point
from loadtui.model.snapshot import Snapshot, Stats
from loadtui.session.difference import Plain, Unfit, applied, difference, plain
from tests.tui.states import NAMES
from tests.tui.states import snapshot as state

_LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=8).map(tuple)
        | st.dictionaries(st.text(max_size=2) | st.integers(0, 9).map(str), inner, max_size=4)
    ),
    max_leaves=30,
)


def same(one: Plain, other: Plain) -> bool:
    """Whether the JSON is the same; Python's own == takes 1 for True."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@given(_VALUES, _VALUES)
def test_any_value_becomes_any_other(before: object, after: object) -> None:
    if before == after:
        return
    change = json.loads(json.dumps(difference(before, after)))
    assert applied(plain(before), change) == plain(after)


@pytest.mark.parametrize("first", NAMES)
@pytest.mark.parametrize("second", ["idle", "fault", "panic"])
def test_every_state_of_the_screen_becomes_another(first: str, second: str) -> None:
    before, after = state(first), state(second)
    if before == after:
        return
    change = json.loads(json.dumps(difference(before, after)))
    tree = applied(plain(before), change)
    assert same(tree, plain(after))
    assert msgspec.convert(tree, Snapshot, str_keys=True) == after


def test_a_window_that_moves_on_costs_only_what_is_new() -> None:
    before = tuple(Point(at=float(at), vus=3, rate=1.0) for at in range(120))
    after = (*before[1:], Point(at=120.0, vus=4))
    change = difference(before, after)
    assert set(change) == {"<", ">"}
    assert len(json.dumps(change)) < 200


def test_only_fields_that_differ_are_named() -> None:
    assert difference(Stats(requests=1, p50=2.0), Stats(requests=3, p50=2.0)) == {
        "~": {"requests": 3}
    }


def test_what_was_before_stays_as_it_is() -> None:
    before = {"a": [1, 2, {"b": 3}]}
    applied(before, {"~": {"a": {"<": 1, "#": {"1": {"~": {"b": 4}}}}}})
    assert before == {"a": [1, 2, {"b": 3}]}


@pytest.mark.parametrize(
    ("value", "change"),
    [
        (3, {"~": {"a": 1}}),
        ({"a": 1}, {"<": 1}),
        ([1], {"#": {"7": 1}}),
        ([1], {"#": {"x": 1}}),
        ([1], {"n": "long"}),
        ({"a": 1}, {"~": [1]}),
    ],
)
def test_a_change_that_does_not_belong_is_refused(value: Plain, change: Plain) -> None:
    with pytest.raises(Unfit):
        applied(value, change)
