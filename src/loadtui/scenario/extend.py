"""`extends:`: a file over another one's keys, with the place of every value in its own file.

Mappings merge by key, everything else replaces. What an iteration does (`requests`, `journey` or
`journeys`) and a load of another kind replace as a whole: their keys would contradict each other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path as File
from typing import Any

import msgspec

from loadtui.errors import BadInput
from loadtui.model.plain import printable
from loadtui.scenario.place import Document, Path, Place, Problem, mapping
from loadtui.scenario.reader import read

KEY = "extends"
_ALTERNATIVES = (("requests", "journey", "journeys"), ("load", "scenarios"))
_KINDS_OF_LOAD = frozenset({"executor", "profile", "stages", "iterations"})
_TLS_FILES = ("ca", "cert", "key")


def read_whole(path: File, text_of: Callable[[File], str], over: tuple[File, ...] = ()) -> Document:
    """The document of a file with the keys of the files that it extends.

    `text_of` reads a file or raises BadInput; `over`: the files that extend this one. What is wrong
    is in `Document.problems`; without its base a document has no root.
    """
    own = read(text_of(path))
    if not isinstance(own.root, dict) or KEY not in own.root:
        return own
    try:
        base = _base(path, own, text_of, over)
    except BadInput as error:
        problems = (*own.problems, own.at_value((KEY,), error))
        return Document(None, own.values, own.keys, problems)
    return _merged(base, own)


def _base(
    path: File, own: Document, text_of: Callable[[File], str], over: tuple[File, ...]
) -> Document:
    written = own.root[KEY]
    if not isinstance(written, str) or not written.strip():
        raise BadInput("extends takes one file", hint="write extends: other.yaml")
    file = File(os.path.normpath(path.parent / written.strip()))
    chain = (*over, path)
    if any(os.path.realpath(file) == os.path.realpath(each) for each in chain):
        shown = " extends ".join(printable(str(each)) for each in (*chain, file))
        raise BadInput(f"the files extend each other: {shown}", hint="leave one of them out")
    base = read_whole(file, text_of, chain)
    return _moved(_placed(base, printable(str(file))), os.path.relpath(file.parent, path.parent))


def _placed(document: Document, file: str) -> Document:
    """The document with that file in every place that has none."""

    def of(place: Place) -> Place:
        return place if place.file else msgspec.structs.replace(place, file=file)

    return Document(
        document.root,
        {path: of(place) for path, place in document.values.items()},
        {path: of(place) for path, place in document.keys.items()},
        tuple(
            msgspec.structs.replace(problem, place=of(problem.place))
            for problem in document.problems
        ),
    )


def _moved(document: Document, folder: str) -> Document:
    """The document with its paths as another folder sees them; `folder`: where it lies there."""
    root = document.root
    if folder == os.curdir or not isinstance(root, dict):
        return document

    def seen(value: Any) -> Any:  # noqa: ANN401 - any value of a file
        is_path = isinstance(value, str) and value.strip()
        return str(File(folder) / value.strip()) if is_path else value

    moved = dict(root)
    if "journey" in root:
        moved["journey"] = seen(root["journey"])
    if "requests" in root:
        moved["requests"] = _moved_requests(root["requests"], seen)
    if isinstance(root.get("journeys"), dict):
        moved["journeys"] = {
            name: _moved_requests(each, seen) for name, each in root["journeys"].items()
        }
    if isinstance(root.get("data"), dict):
        moved["data"] = {name: _moved_data(each, seen) for name, each in root["data"].items()}
    if isinstance(root.get("tls"), dict):
        moved["tls"] = {k: seen(v) if k in _TLS_FILES else v for k, v in root["tls"].items()}
    return msgspec.structs.replace(document, root=moved)


def _moved_requests(part: Any, seen: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - of a file
    """A list of requests with the paths of what they upload, or a journey's own path."""
    if not isinstance(part, list):
        return seen(part)
    return [_moved_upload(each, seen) if isinstance(each, dict) else each for each in part]


def _moved_upload(request: Mapping[str, Any], seen: Callable[[Any], Any]) -> dict[str, Any]:
    files = request.get("file")
    if isinstance(files, dict):
        return {**request, "file": {name: seen(each) for name, each in files.items()}}
    return {**request, "file": seen(files)} if "file" in request else dict(request)


def _moved_data(part: Any, seen: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - of a file
    if isinstance(part, dict):
        return {key: seen(value) if key == "file" else value for key, value in part.items()}
    return seen(part)


def _merged(base: Document, own: Document) -> Document:
    problems: tuple[Problem, ...] = (*base.problems, *own.problems)
    if not isinstance(base.root, dict):
        return Document(None, own.values, own.keys, problems)
    replaced: set[Path] = set()
    below = _without_alternatives(base.root, own.root, replaced)
    over = {key: value for key, value in own.root.items() if key != KEY}
    root = _over(below, over, (), replaced)
    return Document(
        root,
        {**_kept(base.values, replaced), **own.values},
        {**_kept(base.keys, replaced), **own.keys},
        problems,
    )


def _without_alternatives(
    base: Mapping[str, Any], own: Mapping[str, Any], replaced: set[Path]
) -> dict[str, Any]:
    """The base without keys that cannot stand beside those of the file."""
    given = [group for group in _ALTERNATIVES if any(key in own for key in group)]
    gone = {key for group in given for key in group if key in base and key not in own}
    replaced.update((key,) for key in gone)
    return {key: value for key, value in base.items() if key not in gone}


def _over(base: Any, own: Any, path: Path, replaced: set[Path]) -> Any:  # noqa: ANN401 - a tree
    if not (isinstance(base, dict) and isinstance(own, dict)) or _is_another_load(own, path):
        replaced.add(path)
        return own
    out = dict(base)
    for key, value in own.items():
        out[key] = _over(base[key], value, (*path, key), replaced) if key in base else value
    return out


def _is_another_load(own: Mapping[str, Any], path: Path) -> bool:
    is_load = path == ("load",) or (len(path) == 2 and path[0] == "scenarios")
    return is_load and not _KINDS_OF_LOAD.isdisjoint(mapping(own))


def _kept(places: Mapping[Path, Place], replaced: set[Path]) -> dict[Path, Place]:
    """The places that lie below nothing that was replaced."""
    return {
        path: place
        for path, place in places.items()
        if not any(path[:length] in replaced for length in range(1, len(path) + 1))
    }
