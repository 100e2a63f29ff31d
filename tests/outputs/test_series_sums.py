from __future__ import annotations

from loadtui.outputs.samples import Sample
from loadtui.outputs.series_sums import SeriesSums, TagSet, Told, encode_tags

TAGS = encode_tags({"scenario": "default", "group": ""})


def sample(metric: str, value: float = 1.0, at: int = 1) -> Sample[TagSet]:
    return Sample(metric, TAGS, at, value)


def test_an_empty_value_is_no_tag() -> None:
    assert TAGS == (("scenario", "default"),)


def test_only_what_has_changed_since_it_was_taken_is_missing() -> None:
    sums, told = SeriesSums(), Told(frozenset({"counter", "gauge"}))
    assert sums.add([sample("http_reqs"), sample("http_reqs"), sample("vus")], {}) == 3
    assert [each.key.metric for each in told.missing(sums)] == ["http_reqs", "vus"]
    assert told.samples_missing(sums) == 3
    told.taken(told.missing(sums))
    assert told.samples_missing(sums) == 0
    sums.add([sample("vus", 0.0, at=2)], {})
    (entry,) = told.missing(sums)
    assert (entry.key.metric, entry.sums.last) == ("vus", 0.0)


def test_what_a_write_missed_is_in_the_next() -> None:
    sums, told = SeriesSums(), Told(frozenset({"counter"}))
    sums.add([sample("http_reqs")], {})
    told.missing(sums)
    sums.add([sample("http_reqs", 4.0)], {})
    (entry,) = told.missing(sums)
    assert entry.sums.total == 5.0


def test_metrics_of_another_type_are_another_ones_business() -> None:
    sums, told = SeriesSums(), Told(frozenset({"trend"}))
    sums.add([sample("http_reqs"), sample("mine"), sample("time", 3.0)], {"time": "trend"})
    assert [each.key.metric for each in told.missing(sums)] == ["time"]
    assert told.samples_missing(sums) == 1
