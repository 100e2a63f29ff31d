"""A scenario file → a Scenario, or every problem of the file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from pydantic import ValidationError

from loadtui.errors import BadInput
from loadtui.model.plain import printable
from loadtui.model.scenario import Scenario, Tls
from loadtui.scenario.build import build
from loadtui.scenario.data_rules import names_of, read_data, with_choices
from loadtui.scenario.executor_rules import executor_problems
from loadtui.scenario.extend import read_whole
from loadtui.scenario.fault_rules import fault_problems
from loadtui.scenario.header import looks_secret
from loadtui.scenario.journey_rules import codes, journey_problems
from loadtui.scenario.limit_rules import limit_problems
from loadtui.scenario.misspelt import mended
from loadtui.scenario.place import Document, Problem, mapping
from loadtui.scenario.problems import failure, translated
from loadtui.scenario.raw import leaves, requests
from loadtui.scenario.request_rules import request_problems
from loadtui.scenario.schema import FilePart, TlsPart
from loadtui.scenario.text import Names, environment_names, fill
from loadtui.scenario.timed_rules import timed_problems
from loadtui.scenario.trace import trace_headers, traced
from loadtui.scenario.upload import located, upload_problems
from loadtui.scenario.watch_rules import watch_problems, watches

LARGEST = 1_000_000
"""Bytes. A file of this size takes some seconds to read, and a scenario needs a few thousand."""

_TLS_FILES = ("ca", "cert", "key")


def load(
    path: Path,
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
    to_run: bool = False,
) -> Scenario:
    """The scenario of the file at `path`.

    `env`: the environment for `${NAME}`; `overrides` (from `-e NAME=value`) win over it. `to_run`:
    now, so that what it watches must be there.

    Raises:
        ScenarioError: with every problem of the file.
        BadInput: where there is no such file, or none that could be a scenario.
    """
    environment = {**env, **(overrides or {})}
    written = read_whole(path, read_text)
    if not isinstance(written.root, dict):
        raise failure(str(path), written.problems)
    written, misspelt = mended(written)
    saved = frozenset(
        key for _, request in requests(written.root) for key in mapping(request.get("save"))
    )
    document = fill(written, Names(environment, saved, names_of(written.root)))
    data = read_data(document, path)
    further = (*misspelt, *data.problems, *watch_problems(document, path.parent, must_run=to_run))
    part, problems = _checked(document, path.parent, further)
    if part is None:
        raise failure(str(path), problems)
    secret = {each: environment.get(each, "") for each in _secret_names(written.root) - saved}
    found = codes(document, path)
    if found:
        secret |= {name: value for name, value in (overrides or {}).items() if looks_secret(name)}
    scenario = build(part, name=path.stem, secret=secret, codes=found)
    tracing = part.tracing.value if part.tracing is not None else None
    scenario = located(traced(scenario, trace_headers(tracing, environment)), path.parent)
    tls, own = _tls(part.tls, path.parent), dict(overrides or {}) if found else {}
    rows, watched = with_choices(data.sources, part.data), watches(part, path.parent)
    return msgspec.structs.replace(scenario, tls=tls, env=own, data=rows, watch=watched)


def _checked(
    document: Document, folder: Path, further: Iterable[Problem]
) -> tuple[FilePart | None, list[Problem]]:
    """The file's values, None where there are problems; `further`: those found elsewhere."""
    found = [
        *journey_problems(document, folder),
        *request_problems(document),
        *limit_problems(document),
        *executor_problems(document),
        *fault_problems(document),
        *timed_problems(document),
        *upload_problems(document, folder),
        *_tls_problems(document, folder),
        *further,
    ]
    part = None
    try:
        part = FilePart.model_validate(document.root)
    except ValidationError as error:
        found += translated(error, document)
    # What could not be read or filled in is not judged a second time for what it holds.
    unread = {problem.place for problem in document.problems}
    problems = [*document.problems, *(each for each in found if each.place not in unread)]
    return (None if problems else part), problems


def _secret_names(root: object) -> set[str]:
    """Secret-looking environment names that the file asks for."""
    texts = (leaf for _, leaf in leaves(root, ()) if isinstance(leaf, str))
    return {name for text in texts for name in environment_names(text) if looks_secret(name)}


def read_text(path: Path) -> str:
    """What a scenario file holds; raises BadInput where there is none that could be one."""
    name = printable(str(path))
    try:
        if path.is_dir():
            raise BadInput(f"{name} is a directory", hint="name the scenario file in it")
        if not path.exists():
            raise BadInput(f"there is no file {name}", hint="check the path")
        if not path.is_file():
            raise BadInput(f"{name} is not a regular file", hint="write the scenario to a file")
        if path.stat().st_size > LARGEST:
            hint = f"a scenario has at most {LARGEST // 1000} kB"
            raise BadInput(f"{name} is too large for a scenario", hint=hint)
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"{name} cannot be read: {why}", hint="check the path") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        hint = "save the file as UTF-8"
        raise BadInput(f"{name}:{line} is not UTF-8 text", hint=hint) from None
    if not text.strip():
        raise BadInput(f"{name} is empty", hint="write at least target: and requests:")
    return text


def _tls_problems(document: Document, folder: Path) -> Iterator[Problem]:
    """A problem for each file of `tls` that is not there, and for a key without certificate."""
    tls = mapping(mapping(document.root).get("tls"))
    for name in _TLS_FILES:
        written = tls.get(name)
        if isinstance(written, str) and written.strip() and not _is_file(folder, written):
            hint = f"paths are relative to {folder.resolve()}"
            bad = BadInput(f"there is no file {written}", hint=hint)
            yield document.at_value(("tls", name), bad)
    if "key" in tls and "cert" not in tls:
        bad = BadInput("a key needs its certificate", hint="add cert:")
        yield document.at_key(("tls", "key"), bad)


def _is_file(folder: Path, written: str) -> bool:
    try:
        return (folder / written).is_file()
    except (OSError, ValueError):  # a name too long, a NUL
        return False


def _tls(part: TlsPart, folder: Path) -> Tls:
    files = {name: getattr(part, name) for name in _TLS_FILES}
    whole = {name: str((folder / each).resolve()) if each else "" for name, each in files.items()}
    return Tls(verify=part.verify, server_name=part.server_name, **whole)
