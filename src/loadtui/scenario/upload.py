"""Files that requests send: `file: photo.png`, or `file: {photo: photo.png}` as parts of a form."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path as File
from typing import Annotated, Any

import msgspec

from loadtui.errors import BadInput
from loadtui.model.request import RequestTemplate
from loadtui.model.scenario import Scenario
from loadtui.model.text import Text
from loadtui.model.upload import Upload
from loadtui.scenario import fields
from loadtui.scenario.place import Document, Path, Problem, mapping
from loadtui.scenario.raw import requests

LARGEST = 64 * 1024 * 1024
"""Bytes of one file: every worker holds it, and a request with fresh values copies it."""


def _paths(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {"": _path(value)}
    if not value:
        raise BadInput("no file is named here", hint="write field: path below it")
    if any(not str(name).strip() for name in value):
        raise BadInput("a field of the form has no name", hint="write field: path")
    return {str(name): _path(each) for name, each in value.items()}


def _path(value: object) -> str:
    written = fields.text(value).strip()
    if not written:
        raise BadInput("this names no file", hint="write its path, as this file sees it")
    return written


UploadPaths = Annotated[dict[str, str], fields.field(_paths)]
"""Field of a form → path; the field "" alone: the file is all of the body."""


def upload_problems(document: Document, folder: File) -> Iterator[Problem]:
    """Files that are not there or too large, and headers that would contradict them."""
    for path, request in requests(document.root):
        written = request.get("file")
        here: Path = (*path, "file")
        if isinstance(written, str) and (bad := _absence(folder, written)) is not None:
            yield document.at_value(here, bad)
        for name, each in mapping(written).items():
            if isinstance(each, str) and (bad := _absence(folder, each)) is not None:
                yield document.at_value((*here, name), bad)
        if isinstance(written, dict):
            yield from _content_type(document, path, request)


def _absence(folder: File, written: str) -> BadInput | None:
    file = folder / written.strip()
    try:
        if file.is_dir():
            return BadInput(f"{written} is a folder", hint="name one file")
        with file.open("rb"):
            size = file.stat().st_size
    except (OSError, ValueError) as error:  # ValueError: a NUL
        why = getattr(error, "strerror", None) or str(error)
        hint = f"paths are relative to {folder.resolve()}"
        return BadInput(f"the file {written} cannot be read: {why}", hint=hint)
    if size > LARGEST:
        what = f"{written} has {size // 1024**2} MiB, at most {LARGEST // 1024**2} can be sent"
        return BadInput(what, hint="send a smaller one: it is held by every worker")
    return None


def _content_type(document: Document, path: Path, request: Mapping[str, Any]) -> Iterator[Problem]:
    for name in mapping(request.get("headers")):
        if str(name).lower() == "content-type":
            bad = BadInput("a form with files names its own content-type", hint="leave this out")
            yield document.at_key((*path, "headers", name), bad)


def kind_of(paths: Mapping[str, str], names: Mapping[str, Text]) -> str:
    """The content type of a body of such files and form fields."""
    if "" in paths:
        return _guessed(paths[""])
    return f"multipart/form-data; boundary={_boundary(paths, names)}"


def with_uploads(
    template: RequestTemplate, paths: Mapping[str, str], form: Mapping[str, Text]
) -> RequestTemplate:
    """The request with those files, and the fields of its form beside them."""
    files = tuple(Upload(name, path, _guessed(path)) for name, path in paths.items())
    if "" in paths:
        return msgspec.structs.replace(template, uploads=files)
    return msgspec.structs.replace(
        template,
        uploads=files,
        fields=tuple((name, text.escaped("")) for name, text in form.items()),
        boundary=_boundary(paths, form),
    )


def located(scenario: Scenario, folder: File) -> Scenario:
    """The scenario with whole paths in its uploads."""

    def whole(template: RequestTemplate) -> RequestTemplate:
        files = tuple(
            msgspec.structs.replace(each, path=str((folder / each.path).resolve()))
            for each in template.uploads
        )
        return msgspec.structs.replace(template, uploads=files) if files else template

    journeys = tuple(
        msgspec.structs.replace(each, requests=tuple(map(whole, each.requests)))
        for each in scenario.journeys
    )
    own = tuple(map(whole, scenario.requests))
    return msgspec.structs.replace(scenario, requests=own, journeys=journeys)


def _guessed(path: str) -> str:
    return mimetypes.guess_type(path)[0] or "application/octet-stream"


def _boundary(paths: Mapping[str, str], names: Mapping[str, Text]) -> str:
    """What no body holds by chance: 128 bits, the same for the same request."""
    digest = sha256("\0".join((*paths, *paths.values(), *names)).encode()).hexdigest()
    return f"loadtui-{digest[:32]}"
