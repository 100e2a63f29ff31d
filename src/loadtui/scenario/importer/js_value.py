"""Values of a script that are known without running it; what is not known says so (pure).

Texts come out in the scenario's own words: `__ENV.HOST || 'x'` is `${HOST:-x}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from loadtui.scenario.importer.found import literal
from loadtui.scenario.importer.js_known import Answer, Env, Json, Obj, Unknown, as_text
from loadtui.scenario.importer.js_token import Token, tokens, unescaped

DEEPEST = 50
_OPEN, _CLOSE = ("(", "[", "{"), (")", "]", "}")
_HOLE = re.compile(r"(?<!\\)\$\{((?:[^{}]|\{[^{}]*\})*)\}")


class Values:
    """Reads values out of a list of words; `names`: constants of the script."""

    def __init__(self, words: Sequence[Token], names: Mapping[str, Any], depth: int = 0) -> None:
        self.words, self.at = words, 0
        self._names, self._depth = names, depth

    # -- places ------------------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> Token:
        """The next word; behind the last one, an empty sign."""
        place = self.at + ahead
        return self.words[place] if place < len(self.words) else Token("sign", "", 0)

    def takes(self, *signs: str) -> bool:
        """Go past one of those signs, if it comes next."""
        if self.peek().is_sign(*signs):
            self.at += 1
            return True
        return False

    def arguments(self) -> list[Any]:
        """The values up to the `)` of a call whose `(` was just read."""
        out = []
        while self.at < len(self.words) and not self.takes(")"):
            out.append(self.value())
            self.takes(",")
        return out

    # -- values ------------------------------------------------------------------------------

    def value(self) -> Any:  # noqa: ANN401 - any value of a script
        """The next expression, up to the sign that ends it; the place is behind it."""
        start = self.at
        end = self._end()
        self._depth += 1
        out = self._or() if self._depth < DEEPEST else Unknown("")
        self._depth -= 1
        if self.at != end or isinstance(out, Unknown):
            out = Unknown(" ".join(each.text for each in self.words[start:end]))
        self.at = max(end, start + 1)
        return out

    def _end(self) -> int:
        """Where the expression that begins here ends."""
        depth = 0
        for place in range(self.at, len(self.words)):
            word = self.words[place]
            if word.is_sign(*_OPEN):
                depth += 1
            elif word.is_sign(*_CLOSE):
                if not depth:
                    return place
                depth -= 1
            elif not depth and (word.is_sign(",", ";") or self._ends_line(place)):
                return place
        return len(self.words)

    def _ends_line(self, place: int) -> bool:
        """Whether a statement without `;` ends before this word, as JavaScript sees it."""
        if place == self.at:
            return False
        before, word = self.words[place - 1], self.words[place]
        is_done = before.kind != "sign" or before.is_sign(*_CLOSE)
        return word.line > before.line and is_done and word.kind != "sign"

    def _or(self) -> Any:  # noqa: ANN401
        left = self._sum()
        while self.takes("||", "??"):
            right = self._sum()
            if isinstance(left, Env) and isinstance(right, str | int | float):
                text = str(right)
                left = f"${{{left.name}:-{text}}}" if not set("{}") & set(text) else Unknown("")
            elif left is None:
                left = right
            elif isinstance(left, Env | Unknown):
                left = Unknown("")
        return left

    def _sum(self) -> Any:  # noqa: ANN401
        left = self._primary()
        while self.peek().is_sign("+", "*"):
            sign = self.peek().text
            self.at += 1
            left = _combined(sign, left, self._primary())
        return left

    def _primary(self) -> Any:  # noqa: ANN401
        word = self.peek()
        self.at += 1
        match word.kind:
            case "text":
                return literal(word.text)
            case "template":
                return self._template(word)
            case "number":
                return _number(word.text)
            case "name":
                return self._name(word)
            case _:
                return self._sign(word)

    def _sign(self, word: Token) -> Any:  # noqa: ANN401
        if word.is_sign("{"):
            return self._object()
        if word.is_sign("["):
            return self._list()
        if word.is_sign("-", "+") and self.peek().kind == "number":
            number = self._primary()
            return -number if word.text == "-" and isinstance(number, int | float) else number
        if word.is_sign("("):
            inside = self.value()
            return inside if self.takes(")") else Unknown("")
        return Unknown(word.text)

    def _object(self) -> Obj:
        out = Obj()
        while self.at < len(self.words) and not self.takes("}"):
            key, line = self.peek(), self.peek().line
            self.at += 1
            if key.is_sign("..."):
                inside = self.value()
                out.update(inside if isinstance(inside, dict) else {})
            elif self.takes(":"):
                start = self.at
                name = key.text
                out[name] = self.value()
                out.lines[name], out.words[name] = line, self.words[start : self.at]
            elif key.kind == "name" and self.peek().is_sign(",", "}"):
                out[key.text] = self._names.get(key.text, Unknown(key.text))
                out.lines[key.text] = line
            else:
                self.at -= 1
                self.value()
            self.takes(",")
        return out

    def _list(self) -> list[Any]:
        out = []
        while self.at < len(self.words) and not self.takes("]"):
            out.append(self.value())
            self.takes(",")
        return out

    def _name(self, word: Token) -> Any:  # noqa: ANN401
        plain = {"true": True, "false": False, "null": None, "undefined": None}
        if word.text in plain:
            return plain[word.text]
        if word.text == "__ENV":
            return self._environment()
        fresh = {"__VU": "${vu}", "__ITER": "${iteration}"}
        if word.text in fresh:
            return fresh[word.text]
        if self.peek().is_sign("(", ".") and (made := self._call(word.text)) is not None:
            return made
        return self._members(self._names.get(word.text, Unknown(word.text)))

    def _environment(self) -> Env | Unknown:
        if self.takes("."):
            name = self.peek().text
            self.at += 1
            return Env(name)
        if self.takes("["):
            name = self.value()
            return Env(name) if self.takes("]") and isinstance(name, str) else Unknown("")
        return Unknown("__ENV")

    def _call(self, name: str) -> Any:  # noqa: ANN401
        """The value of the few calls whose meaning has words here, else None."""
        if name == "JSON" and self.peek(1).text == "stringify" and self.peek(2).is_sign("("):
            self.at += 3
            given = self.arguments()
            return Json(given[0]) if given else Unknown("")
        if name == "uuidv4" and self.takes("("):
            self.arguments()
            return "${uuid}"
        if name == "randomIntBetween" and self.takes("("):
            low, high = (*self.arguments(), None, None)[:2]
            whole = isinstance(low, int) and isinstance(high, int)
            return f"${{random:{low}..{high}}}" if whole else Unknown("")
        return None

    def _members(self, value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, Answer):
            return self._answered(value)
        while self.peek().is_sign(".", "["):
            if self.takes("."):
                key: Any = self.peek().text
                self.at += 1
            else:
                self.at += 1
                key = self.value()
                self.takes("]")
            value = _member(value, key)
        return value

    def _answered(self, answer: Answer) -> Any:  # noqa: ANN401
        """`res.json('a.b')` or `res.json().a.b`."""
        if not (self.peek(1).text == "json" and self.peek(2).is_sign("(")):
            return Unknown("")
        self.at += 3
        given = self.arguments()
        path = [given[0]] if given and isinstance(given[0], str) else []
        while self.peek().is_sign(".") and self.peek(1).kind == "name":
            path.append(self.peek(1).text)
            self.at += 2
        return answer.value(".".join(path))

    def _template(self, word: Token) -> Any:  # noqa: ANN401
        parts, end = [], 0
        for hole in _HOLE.finditer(word.text):
            parts.append(literal(unescaped(word.text[end : hole.start()])))
            end = hole.end()
            filled = Values(tokens(hole[1]), self._names, self._depth + 1).value()
            if (text := as_text(filled)) is None:
                return Unknown(word.text)
            parts.append(text)
        return "".join([*parts, literal(unescaped(word.text[end:]))])


def _combined(sign: str, left: object, right: object) -> Any:  # noqa: ANN401
    numbers = not isinstance(left, bool | str) and not isinstance(right, bool | str)
    if numbers and isinstance(left, int | float) and isinstance(right, int | float):
        return left + right if sign == "+" else left * right
    one, other = as_text(left), as_text(right)
    return one + other if sign == "+" and one is not None and other is not None else Unknown("")


def _member(value: object, key: object) -> Any:  # noqa: ANN401
    if isinstance(value, dict) and isinstance(key, str) and key in value:
        return value[key]
    if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
        return value[key]
    return Unknown("")


def _number(text: str) -> int | float:
    plain = text.replace("_", "")
    if plain[:2].lower() == "0x":
        return int(plain, 16)
    number = float(plain)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
