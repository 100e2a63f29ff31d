"""`data:`: files read and looked through before the first request, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

import msgspec

from loadtui.errors import BadInput
from loadtui.model.data import AtEnd, DataSource
from loadtui.model.plain import printable
from loadtui.model.suggest import advice
from loadtui.model.table import PARSERS, Flawed, parse
from loadtui.model.text import Text
from loadtui.scenario.place import Document, Path, Place, Problem, mapping
from loadtui.scenario.raw import leaves
from loadtui.scenario.schema import DataPart

LARGEST = 512_000_000
"""Bytes of a data file: each worker holds it in memory."""

_SENT = ("headers", "cookies", "requests", "journeys")


class Data(msgspec.Struct, frozen=True):
    """The sources of a file that could be read, and what is wrong with the others."""

    sources: tuple[DataSource, ...] = ()
    problems: tuple[Problem, ...] = ()


def names_of(root: object) -> frozenset[str]:
    """The sources that a file declares."""
    return frozenset(mapping(mapping(root).get("data")))


def read_data(document: Document, file: File) -> Data:
    """Read every source of a filled document; `file`: the scenario's own path."""
    asked = list(_asked(document.root))
    sources: list[DataSource] = []
    problems: list[Problem] = []
    for name, part in mapping(mapping(document.root).get("data")).items():
        place: Path = ("data", name, "file") if isinstance(part, dict) else ("data", name)
        written = mapping(part).get("file") if isinstance(part, dict) else part
        problems += _contradictions(document, ("data", name), mapping(part))
        if not isinstance(written, str) or not written.strip():
            continue  # the schema says what is wrong
        needed = frozenset(column for _, source, column in asked if source == name)
        try:
            sources.append(_read(name, written.strip(), file.parent, needed))
        except BadInput as error:
            problems.append(document.at_value(place, error))
        except Flawed as error:
            problems += _flaws(error, str(file.parent / written.strip()))
    known = {each.name: each for each in sources}
    problems += _unknown_columns(document, asked, known)
    return Data(tuple(sources), tuple(problems))


def with_choices(
    sources: tuple[DataSource, ...], parts: Mapping[str, DataPart]
) -> tuple[DataSource, ...]:
    """The sources with what the file says about picking rows."""
    return tuple(
        msgspec.structs.replace(each, pick=parts[each.name].pick, at_end=_end(parts[each.name]))
        for each in sources
    )


def _read(name: str, written: str, folder: File, needed: frozenset[str]) -> DataSource:
    path = folder / written
    kind = path.suffix.lower()
    if kind not in PARSERS:
        hint = "take a file that ends in .csv or .json"
        raise BadInput(f"{written} is no data file", hint=hint)
    table = parse(_bytes(path, written, folder), kind, needed)
    return DataSource(
        name=name,
        file=str(path.resolve()),
        written=written,
        columns=table.columns,
        rows=len(table.records),
    )


def _bytes(path: File, written: str, folder: File) -> bytes:
    try:
        if not path.is_file():
            hint = f"paths are relative to {folder.resolve()}"
            raise BadInput(f"there is no file {written}", hint=hint)
        if path.stat().st_size > LARGEST:
            hint = f"at most {LARGEST // 1_000_000} MB are read"
            raise BadInput(f"{written} is too large", hint=hint)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"{written} cannot be read: {why}", hint="check the path") from None


def _flaws(error: Flawed, file: str) -> Iterator[Problem]:
    for flaw in error.flaws:
        place = Place(flaw.line, flaw.column, file=printable(file))
        yield Problem(place, flaw.what, flaw.hint)


def _contradictions(document: Document, place: Path, part: Mapping[str, Any]) -> Iterator[Problem]:
    if part.get("pick") == "random" and "at_end" in part:
        bad = BadInput("random rows never run out", hint="leave at_end out")
        yield document.at_key((*place, "at_end"), bad)


def _asked(root: object) -> Iterator[tuple[Path, str, str]]:
    """Place, source and column of every value of a row that requests hold."""
    whole = mapping(root)
    for key in _SENT:
        for path, value in leaves(whole.get(key), (key,)):
            if not isinstance(value, Text):
                continue
            for each in value.variables:
                if each.kind == "data":
                    source, _, column = each.name.partition(".")
                    yield path, source, column


def _unknown_columns(
    document: Document, asked: list[tuple[Path, str, str]], known: Mapping[str, DataSource]
) -> Iterator[Problem]:
    for path, name, column in asked:
        source = known.get(name)
        if source is not None and column not in source.columns:
            hint = advice(column, source.columns)
            bad = BadInput(f"{source.written} has no column {column}", hint=hint)
            yield document.at_value(path, bad)


def _end(part: DataPart) -> AtEnd:
    """What comes after the last row."""
    return part.at_end or ("stop" if part.pick == "unique" else "recycle")
