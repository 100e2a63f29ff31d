"""Sub-metrics: which samples `metric{tag:value,…}` means; all pairs must match, as in k6.

`name`, and the tags of a series, are matched once for each series. `status`, `expected_response`,
`error` and `error_code` say how a request ended: they choose among a row's parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from loadtui.measure.tally import Tally
from loadtui.model.error_code import error_code, status_code_error
from loadtui.model.metric import OUTCOME_TAGS
from loadtui.model.row import Part, Row
from loadtui.model.tags import SERIES_LIMIT, Tags

Choice = frozenset[str] | Tags | None
"""Request names, or tags as the store was told to sum them; None or no tags: everything."""

_REMEMBERED = 2 * SERIES_LIMIT


def matches(wanted: Tags, tags: Tags) -> bool:
    """Whether a sample with `tags` belongs to what is wanted."""
    return set(wanted) <= set(tags)


def parts_of(row: Row) -> tuple[Part, ...]:
    """A row's requests by outcome, also where all ended alike and the row does not say it twice."""
    if row.parts or not row.requests:
        return row.parts
    return (
        Part(
            status=next(iter(row.statuses), 0),
            error=next(iter(row.errors), ""),
            failed=row.failed > 0,
            requests=row.requests,
            duration=row.duration,
            phases=row.phases,
            response=row.response,
        ),
    )


def outcome_tags(part: Part) -> dict[str, str]:
    """How these requests ended, in the words of k6's system tags."""
    code = error_code(part.error) if part.error else status_code_error(part.status)
    tags = {"status": str(part.status), "expected_response": "false" if part.failed else "true"}
    if code:
        tags["error_code"] = str(code)
    if part.error:
        tags["error"] = part.error
    return tags


class Selections:
    """Sets of tags that somebody asks for, and what of a row belongs to each."""

    def __init__(self, wanted: Iterable[Tags], phased: Iterable[Tags] = ()) -> None:
        """Remember them; the empty set means everything and needs no sum of its own. `phased`:
        those of which phases are asked for, too.
        """
        self._phased = frozenset(phased)
        self.wanted = tuple(sorted({tags for tags in wanted if tags}))
        self._split = {tags: _split(tags) for tags in self.wanted}
        self._series: dict[tuple[str, Tags], tuple[Tags, ...]] = {}

    def new(self, tags: Tags) -> Tally:
        """An empty sum for one of them."""
        return Tally(phases=tags in self._phased)

    def whole(self, row: Row) -> Iterator[Tags]:
        """Those to which all of a row belongs."""
        return (tags for tags in self._of(row) if not self._split[tags][1])

    def partly(self, row: Row) -> Iterator[tuple[Tags, Part]]:
        """Those to which requests with certain outcomes belong, with the requests that do."""
        for tags in self._of(row):
            if outcome := self._split[tags][1]:
                for part in parts_of(row):
                    if outcome <= outcome_tags(part).items():
                        yield tags, part

    def of(self, tags: Tags) -> Iterator[Tags]:
        """Those to which an iteration, or a sample of a custom metric, with `tags` belongs."""
        return (wanted for wanted in self.wanted if matches(wanted, tags))

    def _of(self, row: Row) -> tuple[Tags, ...]:
        key = (row.name, row.tags)
        found = self._series.get(key)
        if found is None:
            if len(self._series) >= _REMEMBERED:
                self._series.clear()
            own = {*row.tags, ("name", row.name)}
            chosen = (tags for tags in self.wanted if self._split[tags][0] <= own)
            found = self._series[key] = tuple(chosen)
        return found


def chosen_of(
    names: Mapping[str, Tally], by_tags: Mapping[Tags, Tally], choice: Choice
) -> Iterable[Tally]:
    """The sums that make up what was chosen."""
    if not choice:
        return names.values()
    if isinstance(choice, tuple):
        return (by_tags[choice],) if choice in by_tags else ()
    return (tally for name, tally in names.items() if name in choice)


def _split(tags: Tags) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """What a series must have, and how its requests must have ended."""
    outcome = frozenset(pair for pair in tags if pair[0] in OUTCOME_TAGS)
    return frozenset(tags) - outcome, outcome
