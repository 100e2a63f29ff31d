from __future__ import annotations

import re
from random import Random

import pytest

from loadtui.model.trace import DIGITS, cut, traceparent

FORM = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")


def made(sample: float, seed: int, count: int = 2000) -> list[str]:
    dice = Random(seed)
    return [traceparent(dice.randbytes(DIGITS // 2).hex(), cut(sample)) for _ in range(count)]


def test_the_header_has_the_form_of_version_00() -> None:
    assert all(FORM.fullmatch(each) for each in made(0.5, 1))


@pytest.mark.parametrize(("sample", "low", "high"), [(0, 0, 0), (1, 2000, 2000), (0.1, 150, 250)])
def test_the_share_that_is_marked_as_sampled(sample: float, low: int, high: int) -> None:
    assert low <= sum(each.endswith("-01") for each in made(sample, 2)) <= high


def test_services_that_sample_by_the_trace_id_agree() -> None:
    """OpenTelemetry: the last 56 bits of the trace id reach the rejection threshold."""
    for each in made(0.25, 3):
        last = int(each.split("-")[1][-14:], 16)
        assert each.endswith("-01") == (last >= 0.75 * 2**56)
