"""Keys that are one typo away from a known one: told once, and read as what was meant.

Otherwise a single typo would be told twice: as the key that is unknown, and as the one that is
missing because of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from loadtui.scenario.place import Document, Path, Problem
from loadtui.scenario.problems import meant_key, unknown_key


def mended(document: Document) -> tuple[Document, list[Problem]]:
    """The document with such keys as they were meant, and a problem for each of them."""
    renamed = dict(_renamed(document.root, ()))
    if not renamed:
        return document, []
    problems = [document.at_key(path, unknown_key(path)) for path in renamed]
    values = {_mended(path, renamed): place for path, place in document.values.items()}
    keys = {_mended(path, renamed): place for path, place in document.keys.items()}
    root = _rebuilt(document.root, (), renamed)
    return Document(root, values, keys, document.problems), problems


def _renamed(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Each misspelt key with what was meant; those below one that is misspelt itself wait."""
    match value:
        case dict():
            taken = set(value)
            for key, each in value.items():
                meant = meant_key((*path, key), taken) if isinstance(key, str) else ""
                if meant:
                    taken.add(meant)
                    yield (*path, key), meant
                yield from _renamed(each, (*path, key))
        case list():
            for index, each in enumerate(value):
                yield from _renamed(each, (*path, index))
        case _:
            return


def _mended(path: Path, renamed: Mapping[Path, str]) -> Path:
    return tuple(renamed.get(path[: end + 1], part) for end, part in enumerate(path))


def _rebuilt(value: Any, path: Path, renamed: Mapping[Path, str]) -> Any:  # noqa: ANN401 - a tree
    match value:
        case dict():
            return {
                renamed.get((*path, key), key): _rebuilt(each, (*path, key), renamed)
                for key, each in value.items()
            }
        case list():
            return [_rebuilt(each, (*path, index), renamed) for index, each in enumerate(value)]
        case _:
            return value
