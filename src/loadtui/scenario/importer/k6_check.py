"""k6's checks → checks of a scenario, where they say what a scenario's can (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from loadtui.scenario.importer.js_token import Token

_START = re.compile(r"\( ?(\w+) ?\) => |(\w+) => ")
_STATUS = re.compile(r"R \. status ={2,3} (\d{3})")
_BETWEEN = re.compile(r"R \. status >= (\d{3}) && R \. status <=? (\d{3})")
_DURATION = re.compile(r"R \. timings \. duration <=? (\d+)")
_BODY = re.compile(r"R \. body \. includes \( (\S+) \)")
_HEADER = re.compile(r"R \. headers \[ (\S+) \] ={2,3} (\S+)")
_JSON = re.compile(
    r"(?:R \. json \( (\S+) \)|R \. json \( \)((?: \. \w+)+)"
    r"|JSON \. parse \( R \. body \)((?: \. \w+)+))"
    r"(?: !={1,2} (?:undefined|null|\S*''\S*)| ={2,3} (\S+))?"
)
_PLACE = re.compile(r"\x00(\d+)\x00")


def check_of(words: Sequence[Token]) -> dict[str, Any] | None:
    """The check that a function such as `(r) => r.status === 200` makes, None for another."""
    texts: list[str] = []
    written = " ".join(_word(each, texts) for each in words)
    start = _START.match(written)
    if start is None:
        return None
    name = start[1] or start[2]
    rule = re.sub(rf"(?<![\w.] ){re.escape(name)}\b(?= [.])", "R", written[start.end() :])
    if rule.startswith("( ") and rule.endswith(" )"):
        rule = rule[2:-2]
    return _simple(rule, texts) or _json(rule, texts)


def _word(word: Token, texts: list[str]) -> str:
    """The word; a text, which may hold anything, as a number between NULs."""
    if word.kind not in {"text", "template"}:
        return word.text
    texts.append(word.text)
    return f"\x00{len(texts) - 1}\x00"


def _simple(rule: str, texts: list[str]) -> dict[str, Any] | None:
    if found := _STATUS.fullmatch(rule):
        return {"status": int(found[1])}
    if found := _BETWEEN.fullmatch(rule):
        last = int(found[2]) - (0 if "<=" in rule else 1)
        return {"status": f"{found[1]}-{last}"}
    if found := _DURATION.fullmatch(rule):
        return {"duration": f"{found[1]}ms"}
    if (found := _BODY.fullmatch(rule)) and isinstance(text := _value(found[1], texts), str):
        return {"body": text}
    if found := _HEADER.fullmatch(rule):
        name, value = _value(found[1], texts), _value(found[2], texts)
        if isinstance(name, str) and isinstance(value, str):
            return {"header": name, "is": value}
    return None


def _json(rule: str, texts: list[str]) -> dict[str, Any] | None:
    found = _JSON.fullmatch(rule)
    if found is None:
        return None
    dotted = found[2] or found[3]
    path = _value(found[1], texts) if found[1] else dotted.replace(" ", "")[1:]
    if not isinstance(path, str) or not re.fullmatch(r"\w+(\.\w+)*", path):
        return None
    if found[4] is None:
        return {"json": path}
    value = _value(found[4], texts)
    return None if value is None else {"json": path, "is": value}


def _value(word: str, texts: list[str]) -> str | int | bool | None:
    if place := _PLACE.fullmatch(word):
        return texts[int(place[1])]
    if word in {"true", "false"}:
        return word == "true"
    return int(word) if re.fullmatch(r"-?\d{1,15}", word) else None
