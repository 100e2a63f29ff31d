"""The operator's own files, such as themes and keys: read with the place of everything in them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from loadtui.scenario.place import Document, Place, Problem
from loadtui.scenario.reader import Kind, read

LARGEST = 1_000_000
"""Bytes; nothing that belongs into such a file needs more than a few thousand."""


def own_file(path: Path, kind: Kind) -> Document:
    """The document of the file; one that is not there is an empty one.

    What is wrong with it, also that it cannot be read at all, is in `Document.problems`.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Document({}, {}, {})
    except OSError as error:
        return _unusable(f"the file cannot be read: {error.strerror}", "check its rights")
    if len(data) > LARGEST:
        return _unusable("the file is larger than 1 MB", "name the right file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return _unusable("this is not UTF-8 text", "save the file as UTF-8", Place(line))
    return read(text, kind)


def told(path: Path, problems: Iterable[Problem]) -> tuple[str, ...]:
    """The problems as lines `file:line:column: what; what to do`, in the order of their places."""
    ordered = sorted(set(problems), key=lambda each: (each.place, each.what))
    return tuple(each.line(str(path)) for each in ordered)


def _unusable(what: str, hint: str, place: Place = Place()) -> Document:  # noqa: B008 - frozen
    return Document(None, {}, {}, (Problem(place, what, hint),))
