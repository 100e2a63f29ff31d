"""Rows of data files, one to an iteration, dealt to the VUs of all workers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from loadtui.model.data import DataSource
from loadtui.model.request import RequestTemplate
from loadtui.model.suggest import advice
from loadtui.model.table import Flawed, Table, parse

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false", re.ASCII)


class Row(Mapping[str, Any]):
    """One row: `row["name"]`, or `row.name` where that is no word of a mapping's own."""

    __slots__ = ("_is_text", "_values")

    def __init__(self, values: dict[str, Any], *, is_text: bool) -> None:
        """`is_text`: from CSV."""
        self._values, self._is_text = values, is_text

    def __getitem__(self, column: str) -> Any:  # noqa: ANN401 - what the file holds
        try:
            return self._values[column]
        except KeyError:
            raise NoColumn(column, self._values) from None

    def __getattr__(self, column: str) -> Any:  # noqa: ANN401 - what the file holds
        try:
            return self._values[column]
        except KeyError:
            raise AttributeError(str(NoColumn(column, self._values))) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Row({self._values!r})"

    def as_text(self, column: str) -> str:
        """A value as it reads within a text: text as it is, anything else as JSON."""
        value = self._values[column]
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()

    def as_json(self, column: str) -> str:
        """A value as JSON; in CSV, what JSON would call a number, true or false is one."""
        value = self._values[column]
        if self._is_text and _NUMBER.fullmatch(value):
            return str(value)
        return msgspec.json.encode(value).decode()


class NoColumn(KeyError):
    """A column that the row does not have."""

    def __init__(self, column: str, known: Iterable[str]) -> None:
        """Say which there are."""
        super().__init__(f"the row has no column {column}; {advice(column, known)}")

    def __str__(self) -> str:
        return str(self.args[0])


class Deck:
    """A source as one worker deals it.

    `tickets`: an open file of which only the offset is used, and which all workers share: whoever
    moves it on by one has the row of that number, and nobody else has (POSIX.1-2017, 2.9.7: calls
    of lseek are atomic to each other). A worker that is lost takes no row with it but those that it
    gave, and a fresh one goes on where all are. `dice`: for random rows.
    """

    def __init__(self, source: DataSource, table: Table, tickets: int, dice: Random) -> None:
        """Nothing is dealt by this worker yet."""
        self.source, self.name = source, source.name
        self._table, self._tickets, self._dice = table, tickets, dice

    @property
    def is_over(self) -> bool:
        """Whether there is no row left."""
        ends = self.source.ends
        return ends and os.lseek(self._tickets, 0, os.SEEK_CUR) >= self.source.rows

    def take(self) -> Row | None:
        """The next row, None where there is none left."""
        source = self.source
        if source.pick == "random":
            return self._row(self._dice.randrange(source.rows))
        number = os.lseek(self._tickets, 1, os.SEEK_CUR) - 1
        if number >= source.rows and source.ends:
            return None
        return self._row(number % source.rows)

    def words(self, name: str) -> str:
        """What is told when rows have run out; `name`: the entry that wanted one."""
        source = self.source
        rows = "its only row" if source.rows == 1 else f"all {source.rows} rows"
        after = "its iterations fail from here on" if source.at_end == "fail" else "it ends here"
        return f"{name}: {rows} of {self.name} ({source.written}) are used; {after}"

    def _row(self, number: int) -> Row:
        return Row(self._table.row(number), is_text=self._table.is_text)


class OutOfRows(BaseException):
    """A journey asked for a row and there is none; no `except Exception` of its own has it."""

    def __init__(self, deck: Deck) -> None:
        super().__init__(deck.name)
        self.deck = deck


def new_deck(source: DataSource, tickets: int | None, seed: str) -> Deck:
    """Read the file, once a worker; `tickets` None: this worker is alone.

    Raises ValueError with a sentence when the file is no longer what was checked.
    """
    try:
        data = Path(source.file).read_bytes()
        table = parse(data, Path(source.file).suffix.lower())
    except (OSError, Flawed) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ValueError(f"data {source.name}: {source.written}: {why}") from None
    if len(table.records) != source.rows or table.columns != source.columns:
        what = "the file changed after it was checked; start again"
        raise ValueError(f"data {source.name}: {source.written}: {what}")
    own = os.open(source.file, os.O_RDONLY) if tickets is None else tickets
    return Deck(source, table, own, Random(f"{seed} {source.name}"))


def new_decks(
    sources: Iterable[DataSource], tickets: Mapping[str, int], seed: str
) -> dict[str, Deck]:
    """A deck of each source, by its name."""
    return {each.name: new_deck(each, tickets.get(each.name), seed) for each in sources}


def used_by(requests: Iterable[RequestTemplate]) -> frozenset[str]:
    """The sources whose rows requests are filled with."""
    return frozenset(
        variable.name.partition(".")[0]
        for each in requests
        for text in (each.url, each.body, *(value for _, value in each.headers))
        if text is not None
        for variable in text.variables
        if variable.kind == "data"
    )
