"""What a request sends, as one Text, and the content type that goes with it (pure)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from loadtui.model.text import Text, Variable, constant, joined
from loadtui.scenario.fields import meant

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def json_text(value: Any) -> Text:  # noqa: ANN401 - a tree of anything
    """Compact JSON whose strings may be fresh for each request.

    A plain `${…}` alone is a value of its own (a number stays a number); in quotes or inside other
    text it is text.
    """
    match meant(value):
        case dict() as pairs:
            inside = [joined(f"{_dumped(k)}:", json_text(v)) for k, v in pairs.items()]
            return joined("{", *_with_commas(inside), "}")
        case list() as items:
            return joined("[", *_with_commas([json_text(each) for each in items]), "]")
        case Text() as text:
            return _json_string(text)
        case plain:
            return constant(_dumped(plain))


def _json_string(text: Text) -> Text:
    only = text.parts[0] if len(text.parts) == 1 else None
    if isinstance(only, Variable) and only.escape == "json value":
        return text
    parts = (part if isinstance(part, Variable) else _dumped(part)[1:-1] for part in text.parts)
    return joined('"', Text(tuple(parts)).escaped("json"), '"')


def _with_commas(texts: list[Text]) -> list[Text | str]:
    out: list[Text | str] = []
    for text in texts:
        out += [",", text] if out else [text]
    return out


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def form_text(fields: Mapping[str, Text]) -> Text:
    """`name=value&…`, percent-encoded."""
    pairs: list[Text | str] = []
    for name, value in fields.items():
        parts = (part if isinstance(part, Variable) else quote_plus(part) for part in value.parts)
        pairs += ["&" if pairs else "", f"{quote_plus(name)}=", Text(tuple(parts)).escaped("form")]
    return joined(*pairs)


def cookie_text(cookies: Mapping[str, Text]) -> Text:
    """`name=value; …` for one cookie header."""
    pairs: list[Text | str] = []
    for name, value in cookies.items():
        pairs += ["; " if pairs else "", f"{name}=", value.escaped("header")]
    return joined(*pairs)
