from __future__ import annotations

import uuid
from random import Random

import pytest

from loadtui.load.values import Sources, Values, as_text
from loadtui.model.text import Text, Variable

NOW = 1_790_000_000.25


def values(vu: int = 3, seed: int = 1) -> Values:
    return Values(vu, Sources(Random(seed), Random(seed + 1), lambda: NOW))


def test_a_text_is_filled_in_part_by_part() -> None:
    one = values()
    one.begin()
    one.begin()
    one.saved["order_id"] = "A-7"
    text = Text(
        (
            "vu ",
            Variable("vu"),
            " round ",
            Variable("iteration"),
            " order ",
            Variable("saved", name="order_id"),
            " at ",
            Variable("now"),
        )
    )
    assert one.render(text) == "vu 3 round 1 order A-7 at 2026-09-21T14:13:20.250Z"


def test_every_uuid_is_a_valid_random_one_and_none_repeats() -> None:
    one = values()
    ids = [one.render(Text((Variable("uuid"),))) for _ in range(500)]
    assert len(set(ids)) == 500
    for text in ids:
        read = uuid.UUID(text)
        assert (str(read), read.version, read.variant) == (text, 4, uuid.RFC_4122)


def test_random_numbers_reach_both_ends_and_repeat_with_the_seed() -> None:
    dice = Text((Variable("random", low=1, high=3),))
    one, same = values(seed=5), values(seed=5)
    drawn = [one.render(dice) for _ in range(100)]
    assert set(drawn) == {"1", "2", "3"}
    assert [same.render(dice) for _ in range(100)] == drawn


def test_saved_values_last_for_one_iteration() -> None:
    one = values()
    one.begin()
    one.saved["token"] = "abc"
    one.begin()
    with pytest.raises(KeyError, match="token"):
        one.render(Text((Variable("saved", name="token"),)))


@pytest.mark.parametrize(
    ("value", "text"),
    [("as is", "as is"), (12, "12"), (1.5, "1.5"), (True, "true"), ({"a": [1]}, '{"a":[1]}')],
)
def test_saved_json_reads_as_text_or_json(value: object, text: str) -> None:
    assert as_text(value) == text
