"""The commands of a shell's text, each with its line (pure)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator


def commands(text: str) -> Iterator[tuple[int, str]]:
    """Commands with their first lines: lines joined at a last backslash, and inside of quotes."""
    held, start = "", 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.removesuffix("\r")
        if not held:
            start = number
        held += line
        if (held.endswith("\\") and not held.endswith("\\\\")) or held.endswith(" ^"):
            held = held[:-1] + " "
            continue
        if _is_open(held):
            held += "\n"
            continue
        if held.strip():
            yield start, _ansi(held.strip().removeprefix("$ ").rstrip(";& "))
        held = ""
    if held.strip():
        yield start, _ansi(held.strip())


def _is_open(text: str) -> bool:
    """Whether a quote is still open at the end."""
    quote, escaped = "", False
    before = ""
    for each in text:
        if escaped:
            escaped = False
        elif each == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if each == quote[-1] else quote
        elif each == "#" and before in {"", " ", "\n", "\t"}:
            return False
        elif each in "'\"":
            quote = each
        before = each
    return bool(quote)


_ANSI = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def _ansi(command: str) -> str:
    """`$'…'`, in which browsers write bodies with quotes, as plain quotes."""

    def plain(found: re.Match[str]) -> str:
        return shlex.quote(_ESCAPE.sub(_unescaped, found[1]))

    return _ANSI.sub(plain, command)


def _unescaped(found: re.Match[str]) -> str:
    sign = found[1]
    if len(sign) > 1:
        return chr(int(sign[1:], 16))
    return _NAMED.get(sign, sign)
