"""A data file's bytes as rows, or everything that is wrong with them (pure).

CSV as RFC 4180 has it, with a header row; JSON as a list of objects. Both in UTF-8.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

MOST = 10
"""More flaws of one kind than this say nothing new."""

_BOM = b"\xef\xbb\xbf"


class Flaw(msgspec.Struct, frozen=True):
    """One thing to mend in the file: line and column, both from 1, what is wrong, what to do."""

    line: int
    column: int
    what: str
    hint: str


class Flawed(ValueError):
    """The bytes are no table; `flaws` say why, in the order of the file."""

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(flaws[0].what)
        self.flaws = flaws


class Table(msgspec.Struct, frozen=True):
    """Rows of a file. `is_text`: CSV, where a value is text whatever it looks like.

    `records`: of CSV the values in the order of `columns`, of JSON the objects themselves.
    """

    columns: tuple[str, ...]
    records: Sequence[Any]
    is_text: bool

    def row(self, number: int) -> dict[str, Any]:
        """A row by its number from 0, column → value."""
        record = self.records[number]
        return dict(zip(self.columns, record, strict=True)) if self.is_text else record


Parse = Callable[[str, frozenset[str]], Table]


def parse(data: bytes, kind: str, needed: frozenset[str] = frozenset()) -> Table:
    """The table in a file's bytes; `kind`: its suffix; `needed`: columns that each row must have.

    A needed column that no row has is left to the caller, who knows where it is asked for.
    Raises Flawed.
    """
    text = _text(data)
    if not text.strip():
        raise Flawed(Flaw(1, 1, "the file is empty", _HINTS[kind]))
    return PARSERS[kind](text, needed)


def _text(data: bytes) -> str:
    data = data.removeprefix(_BOM)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
        flaw = Flaw(line, column, "this is not UTF-8 text", "save the file as UTF-8")
        raise Flawed(flaw) from None


# -- CSV -----------------------------------------------------------------------------------------


def parse_csv(text: str, needed: frozenset[str]) -> Table:  # noqa: ARG001 - every row has all
    """Records of CSV; raises Flawed for a bad header, rows of another length, broken quotes."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: tuple[str, ...] = ()
    records: list[tuple[str, ...]] = []
    ragged: list[Flaw] = []
    begins = 1
    try:
        for record in reader:
            if not columns and record:
                columns = _header(record, begins)
            elif len(record) == len(columns):
                records.append(tuple(record))
            elif record and len(ragged) < MOST:
                ragged.append(_ragged(begins, len(record), len(columns)))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Flawed(*ragged, _broken(begins, str(error))) from None
    if ragged:
        raise Flawed(*ragged)
    if not records:
        raise Flawed(Flaw(begins, 1, "there is no row below the header", "add one"))
    return Table(columns, records, is_text=True)


def _header(record: list[str], line: int) -> tuple[str, ...]:
    names = tuple(name.strip() for name in record)
    if len(names) == 1 and (other := next((sign for sign in ";\t|" if sign in names[0]), "")):
        shown = "a tab" if other == "\t" else other
        what = f"columns are separated by commas, and here is {shown}"
        raise Flawed(Flaw(line, 1, what, "save the file with commas"))
    for place, name in enumerate(names, start=1):
        if not name:
            raise Flawed(Flaw(line, 1, f"column {place} has no name", "name it in the header row"))
        if name in names[: place - 1]:
            raise Flawed(Flaw(line, 1, f"two columns are named {name}", "rename one of them"))
    return names


def _ragged(line: int, found: int, wanted: int) -> Flaw:
    values = "1 value" if found == 1 else f"{found} values"
    hint = "quote a value that holds a comma" if found > wanted else "fill it up with commas"
    return Flaw(line, 1, f"this row has {values}, and the header names {wanted}", hint)


def _broken(line: int, said: str) -> Flaw:
    if "expected after" in said:
        return Flaw(line, 1, "text follows a closing quote", 'write " within quotes as ""')
    if "unexpected end" in said:
        return Flaw(line, 1, "a quote is never closed", "close it")
    return Flaw(line, 1, f"this row cannot be read: {said}", "mend it")


# -- JSON ----------------------------------------------------------------------------------------


def parse_json(text: str, needed: frozenset[str]) -> Table:
    """Objects of a JSON list; raises Flawed for anything else, and for rows that lack a column."""
    records: list[dict[str, Any]] = []
    columns: dict[str, None] = {}
    lacking: list[tuple[int, str]] = []
    for at, value in _elements(text):
        if not isinstance(value, dict):
            flaw = _flaw(text, at, "a row is an object", 'write {"name": "value"}')
            raise Flawed(flaw)
        if value.keys() != columns.keys():
            columns |= dict.fromkeys(value)
        lacking += ((at, name) for name in needed if name not in value and len(lacking) < 1000)
        records.append(value)
    if not records:
        raise Flawed(Flaw(1, 1, "the list is empty", "add a row"))
    short = [(at, name) for at, name in lacking if name in columns][:MOST]
    if short:
        hint = "give it one, null if need be"
        raise Flawed(*(_flaw(text, at, f"this row has no {name}", hint) for at, name in short))
    return Table(tuple(columns), records, is_text=False)


def _elements(text: str) -> Iterator[tuple[int, Any]]:
    """Where each element of the list begins, and its value."""
    decode = json.JSONDecoder().raw_decode
    at = _skipped(text, 0)
    if not text.startswith("[", at):
        raise Flawed(_flaw(text, at, "the file holds no list", "write [{…}, {…}]"))
    at = _skipped(text, at + 1)
    while not text.startswith("]", at):
        try:
            value, end = decode(text, at)
        except json.JSONDecodeError as error:
            hint = "mend it"
            raise Flawed(_flaw(text, error.pos, f"this is no JSON: {error.msg}", hint)) from None
        except RecursionError:
            raise Flawed(_flaw(text, at, "this row is nested too deeply", "flatten it")) from None
        yield at, value
        at = _skipped(text, end)
        if text.startswith(",", at):
            at = _skipped(text, at + 1)
        elif not text.startswith("]", at):
            raise Flawed(_flaw(text, at, "this is no JSON: expected , or ]", "mend it"))
    if (rest := _skipped(text, at + 1)) < len(text):
        raise Flawed(_flaw(text, rest, "something follows the list", "leave it out"))


_SPACE = re.compile(r"[ \t\r\n]*")


def _skipped(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _flaw(text: str, at: int, what: str, hint: str) -> Flaw:
    return Flaw(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), what, hint)


PARSERS: dict[str, Parse] = {".csv": parse_csv, ".json": parse_json}
"""Suffixes that a data file may have."""

_HINTS = {".csv": "write a header row and rows", ".json": "write [{…}, {…}]"}
