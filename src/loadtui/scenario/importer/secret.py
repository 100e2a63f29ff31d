"""Secrets of a recording are replaced by names, so that a scenario file can be shared (pure)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, quote_plus

from loadtui.scenario.header import looks_secret
from loadtui.scenario.importer.found import Found, FoundRequest

_NO_LETTER = re.compile(r"[^A-Za-z0-9]+")


def hide(request: FoundRequest, found: Found) -> None:
    """Put `${NAME:-removed}` where a header, query, form or JSON key holds a secret."""
    seen: list[str] = []
    request.headers = {name: _kept(name, v, seen) for name, v in request.headers.items()}
    start, sign, query = request.url.partition("?")
    if sign:
        request.url = f"{start}?{_query(query, seen)}"
    if request.form is not None:
        request.form = {name: _kept(name, v, seen) for name, v in request.form.items()}
    request.json = _tree(request.json, seen)
    for name in dict.fromkeys(seen):
        found.skip(request.line, f"{name} holds a secret: set it with -e {variable(name)}=…")


def variable(name: str) -> str:
    """The environment variable that stands for a header or key of that name."""
    plain = _NO_LETTER.sub("_", name).strip("_").upper() or "SECRET"
    return f"_{plain}" if plain[0].isdigit() else plain


def _kept(name: str, value: str, seen: list[str]) -> str:
    if not looks_secret(name) or not value:
        return value
    seen.append(name)
    return f"${{{variable(name)}:-removed}}"


def _query(query: str, seen: list[str]) -> str:
    parts = []
    for part in query.split("&"):
        name, sign, value = part.partition("=")
        parts.append(f"{name}={_kept(name, value, seen)}" if sign else part)
    return "&".join(parts)


def _tree(value: Any, seen: list[str]) -> Any:  # noqa: ANN401 - a tree of anything
    match value:
        case dict():
            return {
                key: _kept(key, each, seen) if isinstance(each, str) else _tree(each, seen)
                for key, each in value.items()
            }
        case list():
            return [_tree(each, seen) for each in value]
        case _:
            return value


def form_of(text: str) -> dict[str, str] | None:
    """The fields of a url-encoded body, None where a mapping could not give it back."""
    pairs = parse_qsl(text, keep_blank_values=True)
    again = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
    same = again.lower() == text.lower() and len({name for name, _ in pairs}) == len(pairs)
    return dict(pairs) if same and pairs else None
