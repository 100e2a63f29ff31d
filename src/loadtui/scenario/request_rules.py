"""What must fit together in and between requests (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from loadtui.errors import BadInput
from loadtui.model.metric import METRICS, is_name
from loadtui.model.suggest import advice
from loadtui.model.text import Text
from loadtui.scenario import header
from loadtui.scenario.place import Document, Path, Problem, mapping
from loadtui.scenario.raw import (
    SENT,
    Placed,
    as_text,
    declared_metrics,
    leaves,
    lists,
    name_of,
    requests,
)
from loadtui.scenario.url import absolute, base

_BODIES = ("json", "body", "form", "file")


def request_problems(document: Document) -> Iterator[Problem]:
    """Everything that is wrong with requests beyond the shape of single values."""
    yield from _names(document)
    yield from _saved_before_use(document)
    yield from _headers(document, ())
    yield from _metric_names(document)
    target = _target(document.root)
    for path, request in requests(document.root):
        yield from _url(document, path, request, target)
        yield from _body(document, path, request)
        yield from _headers(document, path)
        yield from _checks(document, path, request)
        yield from _counts(document, path, request)


def _target(root: object) -> str:
    """The target to join urls to; one that is itself refused must not make every url wrong."""
    written = mapping(root).get("target", "")
    if written == "" and "target" not in mapping(root):
        return ""
    try:
        return base(written) if isinstance(written, str) else "http://target/"
    except BadInput:
        return "http://target/"


def _url(
    document: Document, path: Path, request: Mapping[str, Any], target: str
) -> Iterator[Problem]:
    text = as_text(request.get("url"))
    if "url" not in request or text is None:
        return
    try:
        absolute(text, target)
    except BadInput as error:
        yield document.at_value((*path, "url"), error)


def _names(document: Document) -> Iterator[Problem]:
    for listed in lists(document.root):
        yield from _twice(document, listed)


def _twice(document: Document, listed: Iterable[Placed]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for path, request in listed:
        name = name_of(request)
        line = document.value_place(path).line
        if name in first and "url" in request:
            hint = f"give this one a name: of its own (the other is in line {first[name]})"
            what = f"two requests are named {name}"
            yield document.at_value((*path, "name"), BadInput(what, hint=hint))
        first.setdefault(name, line)


def _saved_before_use(document: Document) -> Iterator[Problem]:
    root = mapping(document.root)
    shared = [*_variables(root, (), ("headers", "cookies"))]
    for listed in lists(root):
        yield from _unsaved(document, listed, shared)


def _unsaved(
    document: Document, listed: Sequence[Placed], shared: Iterable[tuple[Path, str]]
) -> Iterator[Problem]:
    saved: set[str] = set()
    for path, request in listed:
        for where, name in (*_variables(request, path, SENT), *shared):
            if name not in saved:
                hint = _saver(listed, name, request)
                yield document.at_value(where, BadInput(f"${{{name}}} is not saved yet", hint=hint))
        saved |= set(mapping(request.get("save")))


def _saver(listed: Sequence[Placed], name: str, user: Mapping[str, Any]) -> str:
    """What to do about a name that `user` needs before it is saved."""
    savers = [each for _, each in listed if name in mapping(each.get("save"))]
    if not savers:
        return "another journey saves it, and it does not cross over"
    if user in savers:
        return "this request saves it itself, from its answer; save it in one before"
    return f"it is saved by {name_of(savers[0])}, which must come before"


def _variables(
    holder: Mapping[str, Any], path: Path, keys: Iterable[str]
) -> Iterator[tuple[Path, str]]:
    """Place and name of every saved value that is used below those keys."""
    for key in keys:
        for where, value in leaves(holder.get(key), (*path, key)):
            if isinstance(value, Text):
                yield from ((where, each.name) for each in value.variables if each.kind == "saved")


def _body(document: Document, path: Path, request: Mapping[str, Any]) -> Iterator[Problem]:
    given = [key for key in _BODIES if key in request]
    if "form" in given and isinstance(request.get("file"), dict):
        given.remove("form")  # both are one form
    for extra in given[1:]:
        what = f"a request has one body, here are {' and '.join(given)}"
        yield document.at_key((*path, extra), BadInput(what, hint=f"keep {given[0]} or {extra}"))
    if isinstance(request.get("json"), str | Text):
        hint = "write the mapping or list below it, or use body:"
        yield document.at_value((*path, "json"), BadInput("json is a text here", hint=hint))


def _headers(document: Document, path: Path) -> Iterator[Problem]:
    holder: Any = document.root
    for element in path:
        holder = holder[element]
    yield from _pairs(document, (*path, "headers"), header.check_name, header.check_value)
    yield from _pairs(document, (*path, "cookies"), lambda _: None, header.check_cookie)
    own = {name.lower() for name in mapping(mapping(holder).get("headers"))}
    if "cookie" in own and "cookies" in mapping(holder):
        bad = BadInput("here are cookies and a cookie header", hint="keep one of the two")
        yield document.at_key((*path, "cookies"), bad)


def _pairs(
    document: Document,
    path: Path,
    check_name: Callable[[str], None],
    check_value: Callable[[str, Text], None],
) -> Iterator[Problem]:
    holder: Any = document.root
    for element in path:
        holder = holder.get(element) if isinstance(holder, dict) else holder[element]
    seen: set[str] = set()
    for name, value in mapping(holder).items():
        text = as_text(value)
        try:
            if name.lower() in seen:
                raise BadInput(f"{name} is there twice", hint="names are compared without case")
            seen.add(name.lower())
            check_name(name)
            if text is not None:
                check_value(name, text)
        except BadInput as error:
            yield document.at_key((*path, name), error)


def _checks(document: Document, path: Path, request: Mapping[str, Any]) -> Iterator[Problem]:
    for name, check in mapping(request.get("checks")).items():
        here = (*path, "checks", name)
        if not isinstance(check, dict):
            continue
        if not name.strip():
            yield document.at_key(here, BadInput("a check has no name", hint="name it"))
        if not check:
            bad = BadInput("this check says nothing", hint="add status:, json:, header:, body:")
            yield document.at_value(here, bad)
        if "is" in check:
            yield from _equals(document, here, check)


def _equals(document: Document, here: Path, check: Mapping[str, Any]) -> Iterator[Problem]:
    place, value = (*here, "is"), check["is"]
    if "json" in check and "header" in check:
        bad = BadInput("is: could mean json or header", hint="make two checks of it")
    elif "json" not in check and "header" not in check:
        bad = BadInput("is: belongs to json: or header:", hint="add the one that is meant")
    elif value is None:
        bad = BadInput("is: null cannot be checked", hint="leave is: out to ask for any value")
    elif any(isinstance(leaf, Text) for _, leaf in leaves(value, place)):
        hint = "compare with what is fixed at start"
        bad = BadInput("is: holds a value that is fresh for each request", hint=hint)
    elif "header" in check and not isinstance(value, str):
        bad = BadInput("a header is text", hint="write the value in quotes")
    else:
        return
    yield document.at_value(place, bad)


def _counts(document: Document, path: Path, request: Mapping[str, Any]) -> Iterator[Problem]:
    checks = mapping(request.get("checks"))
    is_known = isinstance(request.get("checks", {}), dict)
    for metric, check in mapping(request.get("count")).items():
        if is_known and isinstance(check, str) and check not in checks:
            hint = advice(check, checks) if checks else "add it to checks:"
            what = f"this request has no check named {check!r}"
            yield document.at_value((*path, "count", metric), BadInput(what, hint=hint))
        kind = mapping(mapping(document.root).get("metrics")).get(metric, "counter")
        if kind != "counter":
            bad = BadInput(f"count needs a counter, and {metric} is a {kind}", hint="name another")
            yield document.at_key((*path, "count", metric), bad)


def _metric_names(document: Document) -> Iterator[Problem]:
    for name, path in declared_metrics(document.root).items():
        if name in METRICS:
            bad = BadInput(f"{name} is a built-in metric", hint="choose another name")
            yield document.at_key(path, bad)
        elif not is_name(name):
            hint = "use 2 to 128 letters, digits and _, no digit first"
            yield document.at_key(path, BadInput(f"{name!r} is not a metric name", hint=hint))
