"""The words of a script, tolerantly: what is no JavaScript becomes odd words, never an error."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Kind = Literal["name", "number", "text", "template", "sign", "pattern"]

_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?(?:\*/|\Z)|\A#![^\n]*)+", re.DOTALL)
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_TEXT = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"", re.DOTALL)
_TEMPLATE = re.compile(r"`((?:[^`\\]|\\.)*)`", re.DOTALL)
_PATTERN = re.compile(r"/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_SIGN = re.compile(r"===|!==|=>|\|\||&&|\?\?|\?\.|[=!<>]=|\.\.\.|\+\+|--|[-+*/%]=|.", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r?\n|.)", re.DOTALL
)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


class Token(msgspec.Struct, frozen=True):
    """One word. `text`: of a text its value, of a template what stands between its backticks."""

    kind: Kind
    text: str
    line: int

    def is_sign(self, *signs: str) -> bool:
        """Whether this is one of those signs."""
        return self.kind == "sign" and self.text in signs


def tokens(script: str) -> list[Token]:
    """All words of a script but spaces and comments."""
    out: list[Token] = []
    at, line = 0, 1
    while at < len(script):
        if gap := _SPACE.match(script, at):
            line += script.count("\n", at, gap.end())
            at = gap.end()
            continue
        kind, text, end = _next(script, at, out[-1] if out else None)
        out.append(Token(kind, text, line))
        line += script.count("\n", at, end)
        at = end
    return out


def _next(script: str, at: int, before: Token | None) -> tuple[Kind, str, int]:
    if found := _NAME.match(script, at):
        return "name", found[0], found.end()
    if found := _NUMBER.match(script, at):
        return "number", found[0], found.end()
    if found := _TEXT.match(script, at):
        return "text", unescaped(found[1] or found[2] or ""), found.end()
    if found := _TEMPLATE.match(script, at):
        return "template", found[1], found.end()
    is_value = before is not None and (before.kind != "sign" or before.is_sign(")", "]", "}"))
    if not is_value and (found := _PATTERN.match(script, at)):
        return "pattern", found[0], found.end()
    sign = _SIGN.match(script, at)
    return "sign", sign[0] if sign else script[at], sign.end() if sign else at + 1


def unescaped(text: str) -> str:
    """The text that a literal stands for."""
    return _ESCAPE.sub(_meaning, text)


def _meaning(found: re.Match[str]) -> str:
    sign = found[1]
    if len(sign) > 2 or (len(sign) == 2 and sign[0] in "ux"):
        code = int(sign[1:].strip("{}"), 16)
        return chr(code) if code < 0x110000 else "\ufffd"
    return "" if sign.endswith("\n") else _NAMED.get(sign, sign)
