"""What was found in a foreign file → the text of a scenario file that passes its checks."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from loadtui.errors import BadInput, ScenarioError
from loadtui.model.scenario import Scenario
from loadtui.model.units import duration
from loadtui.scenario.importer.found import Found, FoundRequest
from loadtui.scenario.load import LARGEST, load

_CONTROL = re.compile("[\ud800-\udfff]")
_VARIABLE = re.compile(r"\$\{\w+(:-[^}]*)?\}")
_FILE = "scenario.yaml"
MOST = 2000
"""Requests of one iteration; a longer one is no load test but a recording of a day."""


def written(found: Found, *, source: str) -> str:
    """The scenario file. Requests that it could not hold are moved to `found.skipped`.

    `source`: what was imported, in words, for the first line.

    Raises:
        BadInput: where no request is left, or the rest of the file would be refused.
    """
    for extra in found.requests[MOST:]:
        found.skip(extra.line, f"only the first {MOST} requests are taken")
    found.requests = found.requests[:MOST]
    _name(found.requests)
    if refused(_text(found, found.requests, source)):
        found.requests = [each for each in found.requests if _is_good(found, each, source)]
    found.extra = {key: each for key, each in found.extra.items() if _is_taken(found, key, source)}
    found.skipped.sort(key=lambda each: each.line)
    if not found.requests:
        why = f": {found.skipped[0].what}" if found.skipped else ""
        raise BadInput(f"no request was found{why}", hint="is it a file of that kind?")
    text = _text(found, found.requests, source)
    if problems := refused(text):
        raise BadInput(f"no scenario can be made of it: {problems[0]}", hint="simplify the file")
    return text


def refused(text: str) -> tuple[str, ...]:
    """What the loader says against a scenario file, nothing where it takes it."""
    if len(text.encode(errors="replace")) > LARGEST:
        return (f"it is larger than {LARGEST // 1000} kB",)
    try:
        read_back(text)
    except ScenarioError as error:
        return tuple(each.partition(f"{_FILE}:")[2] for each in error.problems)
    except BadInput as error:
        return (str(error),)
    return ()


def read_back(text: str) -> Scenario:
    """The scenario of that text; raises what the loader raises."""
    with tempfile.TemporaryDirectory(prefix="loadtui-") as folder:
        file = Path(folder) / _FILE
        file.write_text(text, encoding="utf-8", errors="replace")
        return load(file, env={})


def _is_taken(found: Found, key: str, source: str) -> bool:
    """Whether the loader takes one of the file's other keys."""
    if not found.requests or not refused(_text(found, found.requests, source)):
        return True
    needed = {name: found.extra[name] for name in ("metrics", key) if name in found.extra}
    alone = Found(name=found.name, target=found.target, extra=needed)
    problems = refused(_text(alone, found.requests, source))
    if problems:
        found.skip(0, f"{key} is left out: {problems[0].split(': ', 1)[-1]}")
    return not problems


def _is_good(found: Found, request: FoundRequest, source: str) -> bool:
    alone = Found(name=found.name, target=found.target)
    problems = refused(_text(alone, [request], source))
    if problems:
        what = problems[0].split(": ", 1)[-1]
        found.skip(request.line, f"{request.method} {request.url[:80]} is left out: {what}")
    return not problems


def _name(requests: list[FoundRequest]) -> None:
    """Names that differ, for a metric belongs to a name."""
    seen: dict[str, int] = {}
    for each in requests:
        name = each.name or f"{each.method} {_path(each.url)}"
        seen[name] = seen.get(name, 0) + 1
        number = seen[name]
        is_own = number == 1 and not each.name
        each.name = "" if is_own and "$" not in name else _numbered(name, number)


def _numbered(name: str, number: int) -> str:
    return f"{name} ({number})" if number > 1 else name


def _path(url: str) -> str:
    return (
        _VARIABLE.sub("…", re.sub(r"^\w+://[^/?]*|^\$\{[^}]*\}", "", url).partition("?")[0]) or "/"
    )


def _text(found: Found, requests: list[FoundRequest], source: str) -> str:
    target = found.target or _common_origin(requests)
    shared = _shared(requests)
    root: dict[str, Any] = {"name": found.name or "imported"}
    if target:
        root["target"] = target
    if shared:
        root["headers"] = shared
    root["requests"] = [_request(each, target, shared) for each in requests]
    root |= found.extra
    yaml, out = YAML(), io.StringIO()
    yaml.width = 100
    try:
        yaml.dump(_clean(root), out)
    except (YAMLError, RecursionError, ValueError) as error:
        raise BadInput(f"it cannot be written as YAML: {error}", hint="simplify it") from None
    first = " ".join(source.split())
    return f"# Imported from {_clean(first)}.\n{out.getvalue()}{_further(root)}"


def _further(root: Mapping[str, Any]) -> str:
    """What a test has beside requests, to be uncommented."""
    hints = {
        "load": "{stages: [2m:50, 5m:50, 2m:0]}        # or {profile: load}, or --profile load",
        "thresholds": "{http_req_duration: [p(95)<500], http_req_failed: [rate<0.01]}",
    }
    return "".join(f"# {key}: {hint}\n" for key, hint in hints.items() if key not in root)


def _request(each: FoundRequest, target: str, shared: Mapping[str, str]) -> dict[str, Any]:
    url = each.url
    if target and url.startswith(target) and url[len(target) :][:1] in {"", "/", "?"}:
        url = url[len(target) :] or "/"
    own = {name: value for name, value in each.headers.items() if shared.get(name) != value}
    out: dict[str, Any] = {"name": each.name} if each.name else {}
    if each.method != "GET":
        out["method"] = each.method
    out["url"] = url
    parts = {
        "headers": own, "form": each.form, "json": each.json, "tags": each.tags,
        "checks": each.checks, "save": each.save,
    }  # fmt: skip
    out |= {key: value for key, value in parts.items() if value or (key == "json" and value == [])}
    if each.body is not None:
        out["body"] = each.body
    if each.json == {}:
        out["json"] = {}
    if each.think:
        out["think"] = duration(each.think)
    return out


def _common_origin(requests: list[FoundRequest]) -> str:
    """The origin of all requests, "" where they have several or it is not known."""
    origins = set()
    for each in requests:
        try:
            parts = urlsplit(each.url)
        except ValueError:
            return ""
        origins.add(f"{parts.scheme}://{parts.netloc}" if parts.netloc else "")
    first = next(iter(origins), "")
    return first if len(origins) == 1 and "$" not in first else ""


def _shared(requests: list[FoundRequest]) -> dict[str, str]:
    """Headers that all requests have in common, where there is more than one."""
    if len(requests) < 2:
        return {}
    first, *others = (each.headers for each in requests)
    return {
        name: value
        for name, value in first.items()
        if all(each.get(name) == value for each in others)
    }


def _clean(value: Any) -> Any:  # noqa: ANN401 - a tree of anything
    """The tree in plain types, without half characters that no file can hold."""
    match value:
        case str():
            return _CONTROL.sub("\ufffd", value)
        case dict():
            return {_clean(str(key)): _clean(each) for key, each in value.items()}
        case list() | tuple():
            return [_clean(each) for each in value]
        case msgspec.Struct():
            return _clean(msgspec.structs.asdict(value))
        case _:
            return value
