"""What was read from a foreign file, before it is written as a scenario (pure)."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from loadtui.model.plain import printable


class Skipped(msgspec.Struct, frozen=True):
    """Something of the file that the scenario does not have; `line` counts from 1, 0 is none."""

    line: int
    what: str

    def told(self, file: str) -> str:
        """As a person reads it."""
        where = f"{file}:{self.line}" if self.line else file
        return f"{where}: {printable(self.what)}"


class FoundRequest(msgspec.Struct, kw_only=True):
    """A request as the scenario file will have it: texts may hold `${…}`.

    `line`: where the foreign file has it. `json`: None for no JSON body. `think`: seconds.
    """

    line: int
    url: str
    name: str = ""
    method: str = "GET"
    headers: dict[str, str] = {}
    json: Any = None
    body: str | None = None
    form: dict[str, str] | None = None
    checks: dict[str, dict[str, Any]] = {}
    save: dict[str, str] = {}
    think: float = 0.0
    tags: dict[str, str] = {}

    def header(self, name: str) -> str:
        """The value of a header, "" where there is none."""
        return next((v for key, v in self.headers.items() if key.lower() == name), "")

    def without(self, name: str) -> None:
        """Drop a header."""
        self.headers = {key: v for key, v in self.headers.items() if key.lower() != name}


class Found(msgspec.Struct, kw_only=True):
    """Everything of a foreign file. `extra`: keys of the scenario file as they are."""

    name: str = ""
    target: str = ""
    requests: list[FoundRequest] = []
    extra: dict[str, Any] = {}
    skipped: list[Skipped] = []

    def skip(self, line: int, what: str) -> None:
        """Remember what was left out."""
        self.skipped.append(Skipped(line, what))


def literal(text: str) -> str:
    """A text of a foreign file whose `${` means nothing to us."""
    return text.replace("${", "$${")


def put_body(request: FoundRequest, text: str) -> None:
    """Give a request its body: as `json:` where that says the same, else as it is.

    `text` may hold `${…}`.
    """
    kind = request.header("content-type").partition(";")[0].strip().lower()
    value = _json(text) if kind in {"", "application/json"} else None
    if kind == "application/json" and isinstance(value, dict | list):
        request.json = value
        if request.header("content-type").strip().lower() == "application/json":
            request.without("content-type")
    else:
        request.body = text


def _json(text: str) -> Any:  # noqa: ANN401 - a tree of anything
    """The value, None for what would not come back as it was: twice a key, a number too fine."""
    try:
        value = json.loads(text, object_pairs_hook=_once)
        same = json.loads(text, parse_float=str) == json.loads(json.dumps(value), parse_float=str)
    except (ValueError, RecursionError):
        return None
    return value if same and _depth(value) < 40 else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key is there twice")
    return dict(pairs)


def _depth(value: object) -> int:
    match value:
        case dict():
            return 1 + max((_depth(each) for each in value.values()), default=0)
        case list():
            return 1 + max((_depth(each) for each in value), default=0)
        case _:
            return 0
