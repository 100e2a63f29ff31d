"""What an iteration does: exactly one of `requests`, `journey` and `journeys`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

import msgspec

from loadtui.errors import BadInput
from loadtui.model.journey import Code
from loadtui.model.plain import printable
from loadtui.model.suggest import advice
from loadtui.scenario.journey import find
from loadtui.scenario.place import Document, Path, Problem, mapping

KEYS = ("requests", "journey", "journeys")

Codes = dict[str, Code]
"""Journeys in Python by name, "" that of `journey:`."""


def journey_problems(document: Document, folder: File) -> Iterator[Problem]:
    """Everything that is wrong with them beyond the requests themselves."""
    root = mapping(document.root)
    given = [key for key in KEYS if key in root]
    if not given:
        bad = BadInput("a scenario needs requests", hint="add requests:, or journey: shop.py")
        yield document.at_value((), bad)
    for extra in given[1:]:
        bad = BadInput(f"there are both {given[0]} and {extra}", hint="keep one of the two")
        yield document.at_key((extra,), bad)
    for path, written in _written(root):
        try:
            find(written, folder)
        except BadInput as error:
            yield document.at_value(path, error)
    yield from _choices(document, root)


def codes(document: Document, file: File) -> Codes:
    """The Python journeys of a file that has no problems, with their places."""
    out: Codes = {}
    for path, written in _written(mapping(document.root)):
        place = document.value_place(path)
        shown = f"{place.file or printable(str(file))}:{place.line}:{place.column}"
        code = find(written, file.parent)
        out["" if path == ("journey",) else str(path[-1])] = msgspec.structs.replace(
            code, place=shown
        )
    return out


def has_code(root: object) -> bool:
    """Whether there are requests, tags and checks that only Python knows."""
    return any(True for _ in _written(mapping(root)))


def _written(root: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    if isinstance(written := root.get("journey"), str) and written.strip():
        yield ("journey",), written.strip()
    for name, each in mapping(root.get("journeys")).items():
        if isinstance(each, str):
            yield ("journeys", name), each.strip()


def _choices(document: Document, root: Mapping[str, Any]) -> Iterator[Problem]:
    """Whether each plan says which journey it runs."""
    known = mapping(root.get("journeys"))
    plans: list[tuple[Path, str, Any]] = [
        (("scenarios", name), name, part) for name, part in mapping(root.get("scenarios")).items()
    ]
    if "load" in root:
        plans.append((("load",), "default", root["load"]))
    if len(known) > 1 and not plans:
        bad = BadInput("nothing says which journey runs", hint="add scenarios: with exec: in each")
        yield document.at_key(("journeys",), bad)
    for path, name, part in plans:
        chosen = mapping(part).get("exec")
        if isinstance(chosen, str) and chosen.strip() not in known:
            hint = advice(chosen, known) if known else "leave it out, or name it under journeys:"
            bad = BadInput(f"there is no journey {chosen}", hint=hint)
            yield document.at_value((*path, "exec"), bad)
        elif chosen is None and len(known) > 1 and name not in known:
            bad = BadInput(f"{name} does not say which journey it runs", hint="add exec:")
            yield document.at_value(path, bad)
