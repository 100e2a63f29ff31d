"""JSON as the original server reads it: the first value of a text, and its words for what is wrong.

Pure. Numbers stay as they were written, objects keep every member in order: the reader of bodies
needs both. What follows the first value is ignored.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SPACE = " \t\r\n"
_ESCAPES = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
_NAMED = dict(zip("'\\\a\b\f\n\r\t\v", "'\\abfnrtv", strict=True))  # in messages
_BREAK = re.compile(r'["\\\x00-\x1f]')
_SURROGATES = re.compile("[\ud800-\udfff]")


_SLICE = 32 * 1024
"""Bytes of a string that are decoded at once: no other thread runs meanwhile."""


class Number(str):
    """A number as it was written."""

    __slots__ = ()


class Object(NamedTuple):
    """Members in the order in which they were written, also those that repeat."""

    members: tuple[tuple[str, Json], ...]


Json = bool | str | Number | Object | list["Json"] | None

_LITERALS: dict[str, tuple[str, Json]] = {
    "t": ("true", True),
    "f": ("false", False),
    "n": ("null", None),
}


class BadJson(ValueError):
    """The text is no JSON; the message is the original server's."""


def parse(body: bytes) -> Json:
    """Return the first value of `body`. Raises BadJson."""
    text = body.decode("latin-1")  # byte by byte, as errors count and quote
    scanner = _Scanner(text)
    if not text.strip(SPACE):
        raise BadJson("EOF")
    try:
        return scanner.value()
    except RecursionError:
        raise BadJson("exceeded max depth") from None


class _Scanner:
    """A place in a text."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def value(self) -> Json:
        """Read the value that begins here."""
        first = self._solid()
        if first == "{":
            return self._object()
        if first == "[":
            return self._array()
        if first == '"':
            return self._string()
        if first in _LITERALS:
            return self._literal(*_LITERALS[first])
        if first in "-0123456789":
            return self._number()
        raise self._unexpected("looking for beginning of value")

    def _object(self) -> Object:
        self._at += 1
        members: list[tuple[str, Json]] = []
        while True:
            mark = self._solid()
            if mark == "}" and not members:
                break
            if mark != '"':
                raise self._unexpected("looking for beginning of object key string")
            key = self._string()
            if self._solid() != ":":
                raise self._unexpected("after object key")
            self._at += 1
            members.append((key, self.value()))
            if self._separator("}", "after object key:value pair"):
                return Object(tuple(members))
        self._at += 1
        return Object(())

    def _array(self) -> list[Json]:
        self._at += 1
        if self._solid() == "]":
            self._at += 1
            return []
        values: list[Json] = []
        while True:
            values.append(self.value())
            if self._separator("]", "after array element"):
                return values

    def _separator(self, closing: str, where: str) -> bool:
        mark = self._solid()
        if mark not in {",", closing}:
            raise self._unexpected(where)
        self._at += 1
        return mark == closing

    def _literal(self, word: str, meaning: Json) -> Json:
        for expected in word:
            if self._peek() != expected:
                raise self._unexpected(f"in literal {word} (expecting '{expected}')")
            self._at += 1
        return meaning

    def _number(self) -> Number:
        begin = self._at
        if self._peek() == "-":
            self._at += 1
        if self._peek() == "0":
            self._at += 1
        else:
            self._digits("in numeric literal")
        if self._more(".") and self._text[self._at] == ".":
            self._at += 1
            self._digits("after decimal point in numeric literal")
        if self._more("eE"):
            self._at += 1
            if self._more("+-"):
                self._at += 1
            self._digits("in exponent of numeric literal")
        return Number(self._text[begin : self._at])

    def _more(self, marks: str) -> bool:
        return self._at < len(self._text) and self._text[self._at] in marks

    def _digits(self, where: str) -> None:
        if self._peek() not in "0123456789":
            raise self._unexpected(where)
        while self._more("0123456789"):
            self._at += 1

    def _string(self) -> str:
        self._at += 1
        parts: list[str] = []
        while (mark := self._peek()) != '"':
            if mark == "\\":
                self._at += 1
                parts.append(self._escape())
            elif mark < " ":
                raise self._unexpected("in string literal")
            else:
                parts.append(self._run())
        self._at += 1
        text = "".join(parts)
        if _SURROGATES.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text

    def _run(self) -> str:
        """The bytes up to a quote, a backslash or a control character: UTF-8, and a replacement for
        every byte that is none.
        """
        begin, limit = self._at, min(self._at + _SLICE, len(self._text))
        found = _BREAK.search(self._text, begin, limit)
        self._at = found.start() if found else self._boundary(limit)
        text = self._text[begin : self._at].encode("latin-1").decode("utf-8", "surrogateescape")
        return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)

    def _boundary(self, limit: int) -> int:
        """The end of a slice, so that no character of several bytes is cut."""
        for end in range(limit, limit - 3, -1):
            if end >= len(self._text) or not "\x80" <= self._text[end] <= "\xbf":
                return end
        return limit - 3

    def _escape(self) -> str:
        mark = self._peek()
        if mark == "u":
            self._at += 1
            return self._hexadecimal()
        if mark not in _ESCAPES:
            raise self._unexpected("in string escape code")
        self._at += 1
        return _ESCAPES[mark]

    def _hexadecimal(self) -> str:
        begin = self._at
        for _ in range(4):
            if self._peek() not in "0123456789abcdefABCDEF":
                raise self._unexpected("in \\u hexadecimal character escape")
            self._at += 1
        return chr(int(self._text[begin : self._at], 16))

    def _solid(self) -> str:
        """The next mark that is no space."""
        while self._more(SPACE):
            self._at += 1
        return self._peek()

    def _peek(self) -> str:
        if self._at >= len(self._text):
            raise BadJson("unexpected EOF")
        return self._text[self._at]

    def _unexpected(self, where: str) -> BadJson:
        return BadJson(f"invalid character {_quoted(self._text[self._at])} {where}")


def _quoted(mark: str) -> str:
    if mark in _NAMED:
        return f"'\\{_NAMED[mark]}'"
    if mark.isprintable():
        return f"'{mark}'"
    return f"'\\x{ord(mark):02x}'" if mark < "\x80" else f"'\\u{ord(mark):04x}'"
