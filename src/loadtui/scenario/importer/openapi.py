"""An OpenAPI 3 description → one request for each operation, with examples (pure)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from loadtui.errors import BadInput
from loadtui.model.plain import printable
from loadtui.scenario.importer.found import Found, FoundRequest, literal
from loadtui.scenario.importer.schema_example import example_of
from loadtui.scenario.importer.secret import variable
from loadtui.scenario.place import Path
from loadtui.scenario.reader import read

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_EXAMPLE = "http://127.0.0.1:3000"
_REFERENCES = 20
"""A `$ref` that leads through more of its kind leads in a circle."""

_PLACE = re.compile(r"\{([^{}]+)\}")
_OWN_WORD = re.compile(r"\$\{(?:uuid|now)\}")


class _Reader:
    """One description; `line_of` knows where a path of its keys stands."""

    def __init__(self, root: Mapping[str, Any], lines: Mapping[Path, int]) -> None:
        self.root, self._lines = root, lines
        self.found = Found(name="openapi")
        self.base = self._base()

    def read(self) -> Found:
        paths = self.root.get("paths")
        for path, item in paths.items() if isinstance(paths, dict) else ():
            part = self._resolve(item)
            for method in _METHODS:
                if isinstance(operation := part.get(method), dict):
                    line = self._line("paths", path, method)
                    self._operation(line, method.upper(), path, {**part, **operation, "_": part})
        return self.found

    # -- places ------------------------------------------------------------------------------

    def _line(self, *path: str) -> int:
        return self._lines.get(path, self._lines.get(path[:-1], 0))

    def _resolve(self, value: object) -> Mapping[str, Any]:
        for _ in range(_REFERENCES):
            if not isinstance(value, dict):
                return {}
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            value = self._at(reference)
        return {}

    def _at(self, reference: str) -> object:
        here: Any = self.root
        if not reference.startswith("#/"):
            return None
        for key in reference[2:].split("/"):
            name = key.replace("~1", "/").replace("~0", "~")
            here = here.get(name) if isinstance(here, dict) else None
        return here

    def _base(self) -> str:
        servers = self.root.get("servers")
        server = self._resolve(servers[0]) if isinstance(servers, list) and servers else {}
        url, names = str(server.get("url", "")), server.get("variables")
        for name, each in names.items() if isinstance(names, dict) else ():
            url = url.replace(f"{{{name}}}", str(self._resolve(each).get("default", "")))
        url = url.rstrip("/")
        if re.match(r"https?://[^/{}]+", url) and not set("{}") & set(url):
            return f"${{BASE_URL:-{url}}}"
        return f"${{BASE_URL:-{_EXAMPLE}}}{url if url.startswith('/') else ''}"

    # -- one operation -----------------------------------------------------------------------

    def _operation(self, line: int, method: str, path: str, operation: Mapping[str, Any]) -> None:
        request = FoundRequest(line=line, url="", method=method)
        request.name = literal(str(operation.get("operationId") or f"{method} {path}"))
        values, query = self._parameters(request, operation)
        where = _PLACE.sub(lambda found: values.get(found[1], "1"), literal(path))
        request.url = self.base + where + (f"?{query}" if query else "")
        self._body(request, operation)
        self._security(request, operation)
        statuses = self._resolve(operation.get("responses"))
        good = sorted(str(each) for each in statuses if re.fullmatch("2\\d\\d", str(each)))
        if good:
            request.checks = {f"status is {good[0]}": {"status": int(good[0])}}
        self.found.requests.append(request)

    def _parameters(
        self, request: FoundRequest, operation: Mapping[str, Any]
    ) -> tuple[dict[str, str], str]:
        """Values of the path's places, and the query."""
        places: dict[str, str] = {}
        query = []
        for name, part in self._given(operation).items():
            value = self._example(part)
            match part.get("in"):
                case "path":
                    if value is None:
                        self.found.skip(request.line, f"{name} has no example: 1 is sent")
                    places[name] = _escaped(1 if value is None else value)
                case "query" if part.get("required") and value is not None:
                    query.append(f"{quote(name)}={_escaped(value)}")
                case "header" if part.get("required") and value is not None:
                    request.headers[name.lower()] = _text(value)
                case "cookie" if part.get("required"):
                    self.found.skip(request.line, f"the cookie {name} is left out")
                case _:  # it may stay away
                    pass
        return places, "&".join(query)

    def _given(self, operation: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """Parameters by name: the path's, and over them the operation's."""
        out: dict[str, Mapping[str, Any]] = {}
        for holder in (operation["_"], operation):
            listed = holder.get("parameters")
            for each in listed if isinstance(listed, list) else ():
                part = self._resolve(each)
                out[str(part.get("name"))] = part
        return out

    def _example(self, part: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any example
        if part.get("example") is not None:
            return part["example"]
        named = part.get("examples")
        for each in named.values() if isinstance(named, dict) else ():
            if (value := self._resolve(each).get("value")) is not None:
                return value
        return example_of(part.get("schema"), self._resolve)

    def _body(self, request: FoundRequest, operation: Mapping[str, Any]) -> None:
        content = self._resolve(operation.get("requestBody")).get("content")
        if not isinstance(content, dict) or not content:
            return
        kind = next((each for each in content if "json" in str(each)), str(next(iter(content))))
        value = self._example(self._resolve(content[kind]))
        if "json" in kind:
            if isinstance(value, dict | list):
                request.json = _literals(value)
            if kind != "application/json":
                request.headers["content-type"] = literal(kind)
        elif "x-www-form-urlencoded" in kind and isinstance(value, dict):
            request.form = {str(key): _text(each) for key, each in value.items()}
        elif isinstance(value, str) and not kind.startswith("multipart/"):
            request.headers["content-type"] = literal(kind)
            request.body = _text(value)
        else:
            self.found.skip(request.line, f"{request.name}: a body of {kind} is left out")

    def _security(self, request: FoundRequest, operation: Mapping[str, Any]) -> None:
        asked = operation.get("security", self.root.get("security"))
        first = asked[0] if isinstance(asked, list) and asked else {}
        schemes = self._resolve(self._resolve(self.root.get("components")).get("securitySchemes"))
        for name in first if isinstance(first, dict) else ():
            scheme = self._resolve(schemes.get(name))
            header = str(scheme.get("name", ""))
            if scheme.get("type") == "apiKey" and scheme.get("in") == "header" and header:
                request.headers[header.lower()] = f"${{{variable(header)}:-key}}"
            elif str(scheme.get("scheme", "")).lower() == "bearer":
                request.headers["authorization"] = "Bearer ${TOKEN:-token}"
            else:
                self.found.skip(request.line, f"{request.name}: security {name} is left out")


def from_openapi(text: str) -> Found:
    """The operations of a description in JSON or YAML.

    Raises:
        BadInput: for what is no OpenAPI 3.
    """
    root, lines = _parsed(text)
    if not isinstance(root, dict) or not isinstance(root.get("paths"), dict):
        what = "this is no OpenAPI description: paths is missing"
        if isinstance(root, dict) and "webhooks" in root:
            what = "this OpenAPI description has webhooks only"
        raise BadInput(what, hint="name an OpenAPI 3 file")
    if "swagger" in root:
        raise BadInput("this is Swagger 2", hint="convert it to OpenAPI 3 first")
    return _Reader(root, lines).read()


def _parsed(text: str) -> tuple[object, dict[Path, int]]:
    try:
        root = json.loads(text)
    except (ValueError, RecursionError):
        document = read(text)
        if not isinstance(document.root, dict) and document.problems:
            first = document.problems[0]
            what = f"line {first.place.line}: {printable(first.what)}"
            raise BadInput(f"this is no JSON and no YAML: {what}", hint=first.hint) from None
        return document.root, {path: each.line for path, each in document.keys.items()}
    return root, dict(_lines(text, root))


def _lines(text: str, root: object) -> Iterator[tuple[Path, int]]:
    """Where the paths and operations of a JSON text stand, in order."""
    paths = root.get("paths") if isinstance(root, dict) else None
    at = max(0, text.find('"paths"'))
    for path, item in paths.items() if isinstance(paths, dict) else ():
        found = text.find(json.dumps(path, ensure_ascii=False), at)
        at = found if found >= 0 else at
        yield ("paths", path), text.count("\n", 0, at) + 1
        for method in item if isinstance(item, dict) else ():
            place = text.find(f'"{method}"', at)
            yield ("paths", path, method), text.count("\n", 0, max(at, place)) + 1


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if _OWN_WORD.fullmatch(text) else literal(text)


def _escaped(value: object) -> str:
    text = _text(value)
    return text if _OWN_WORD.fullmatch(text) else quote(text, safe="$")


def _literals(value: Any) -> Any:  # noqa: ANN401 - a tree of anything
    match value:
        case dict():
            return {str(key): _literals(each) for key, each in value.items()}
        case list():
            return [_literals(each) for each in value]
        case str():
            return _text(value)
        case _:
            return value
