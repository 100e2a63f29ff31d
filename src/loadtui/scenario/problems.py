"""pydantic's errors as problems: each with its place, what is wrong, what to do (pure)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Annotated, Any, cast, get_args, get_origin

from pydantic import ValidationError

from loadtui.errors import BadInput, ScenarioError
from loadtui.model.suggest import advice, nearest
from loadtui.scenario.fields import Refused, kind_of
from loadtui.scenario.place import Document, Path, Place, Problem
from loadtui.scenario.schema import FilePart, Part

_SHAPES = {
    "model_type": ("a mapping", "write key: value below it"),
    "dict_type": ("a mapping", "write key: value below it"),
    "list_type": ("a list", "write it in [ ], or as lines that begin with -"),
}
_MOST = 100
"""More problems than this say nothing that the first ones do not."""


def failure(file: str, problems: Iterable[Problem]) -> ScenarioError:
    """The error that carries every problem of a file, sorted by place, none twice."""
    ordered = sorted(set(problems), key=_order)
    lines = [problem.line(file) for problem in ordered[:_MOST]]
    if len(ordered) > _MOST:
        lines.append(f"{file}: and {len(ordered) - _MOST} more; mend these first")
    return ScenarioError(tuple(lines))


def _order(problem: Problem) -> tuple[str, Place, str]:
    return problem.place.file, problem.place, problem.what


def translated(error: ValidationError, document: Document) -> list[Problem]:
    """The problems behind pydantic's error on that document."""
    return [_problem(cast("Mapping[str, Any]", each), document) for each in error.errors()]


def _problem(error: Mapping[str, Any], document: Document) -> Problem:
    location = cast("Path", error["loc"])
    path = _path(location, document.root)
    match error["type"]:
        case "extra_forbidden":
            return document.at_key((*path[:-1], location[-1]), unknown_key(location))
        case "missing":
            part = part_at(location[:-1])
            called = part.called if part else "this"
            hint = f"add {location[-1]}:"
            return document.at_value(path, BadInput(f"{called} needs {location[-1]}", hint=hint))
        case "too_short":
            return document.at_value(path, BadInput("the list is empty", hint="add an entry"))
        case shape if shape in _SHAPES:
            return document.at_value(path, _wrong_shape(shape, error["input"]))
        case _:
            return _wrong_value(error, document, location, path)


def _wrong_value(
    error: Mapping[str, Any], document: Document, location: Path, path: Path
) -> Problem:
    bad = _words(error, document, path)
    if location and location[-1] == "[key]":
        return document.at_key(path, bad)
    return document.at_value(path, bad)


def _words(error: Mapping[str, Any], document: Document, path: Path) -> BadInput:
    refused = error.get("ctx", {}).get("error")
    if not isinstance(refused, Refused):
        return BadInput(str(error["msg"]), hint="mend it")
    bad = refused.bad
    source = document.value_place(path).source
    what, hint = bad.what, bad.hint
    if what.startswith("this "):
        name = next((str(part) for part in reversed(path) if isinstance(part, str)), "this")
        what = f"{name} {what.removeprefix('this ')}"
    if hint == "write it in quotes" and source:
        hint = f'write it in quotes: "{source}"'
    return BadInput(what, hint=hint)


def _wrong_shape(shape: str, value: object) -> BadInput:
    wanted, hint = _SHAPES[shape]
    if value is None:
        return BadInput(f"here is nothing, not {wanted}", hint=f"{hint}, or leave the key out")
    return BadInput(f"this is {kind_of(value)}, not {wanted}", hint=hint)


def meant_key(location: Path, taken: Container[str]) -> str:
    """What an unknown key at that place stands for, "" for a known one or where nobody can say.

    `taken`: the keys that are there already.
    """
    part = part_at(location[:-1])
    if part is None:
        return ""
    known, key = keys_of(part), str(location[-1])
    near = "" if key in known or key in part.later else nearest(key, [*known, *part.later])
    return near if near in known and near not in taken else ""


def unknown_key(location: Path) -> BadInput:
    """The words about a key that a part does not have."""
    part = part_at(location[:-1])
    key = str(location[-1])
    if part is None:
        return BadInput(f"the key {key} means nothing here", hint="leave it out")
    if key in part.later:
        return BadInput(f"{key} is not supported in this version yet", hint="leave it out")
    known = keys_of(part)
    if near := nearest(key, part.later):
        better = nearest(key, [*known, *part.later])
        if better == near:
            hint = f"{near} would be the key, but is not supported in this version yet"
            return BadInput(f"{part.called} has no key {key}", hint=hint)
    return BadInput(f"{part.called} has no key {key}", hint=advice(key, known))


def keys_of(part: type[Part]) -> list[str]:
    """The keys that a part takes, as the file writes them."""
    return [field.alias or name for name, field in part.model_fields.items()]


def part_at(location: Path) -> type[Part] | None:
    """The part that a place of the file belongs to, None where it is no part."""
    current: Any = FilePart
    for element in location:
        current = _inside(_bare(current), element)
    current = _bare(current)
    return current if isinstance(current, type) and issubclass(current, Part) else None


def _inside(kind: Any, element: str | int) -> Any:  # noqa: ANN401 - annotations
    if isinstance(kind, type) and issubclass(kind, Part):
        for name, field in kind.model_fields.items():
            if element in {field.alias, name}:
                return field.annotation
        return None
    arguments = get_args(kind)
    return arguments[-1] if get_origin(kind) in {dict, list} else None


def _bare(kind: Any) -> Any:  # noqa: ANN401 - annotations
    if get_origin(kind) is Annotated:
        return get_args(kind)[0]
    options = [each for each in get_args(kind) if each is not type(None)]
    is_optional = type(None) in get_args(kind) and len(options) == 1
    return options[0] if is_optional else kind


def _path(location: Path, root: object) -> Path:
    """The part of pydantic's location that exists in the document; its own words are skipped."""
    path: Path = ()
    here: Any = root
    for element in location:
        is_key = isinstance(here, dict) and element in here
        is_index = isinstance(here, list) and isinstance(element, int) and element < len(here)
        if is_key or is_index:
            here = here[element]
            path = (*path, element)
    return path
