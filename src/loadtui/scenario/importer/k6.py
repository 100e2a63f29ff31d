"""A k6 script → options, and the requests that can be read without running it (pure).

Requests are taken in the order in which they are written. Whatever else the script does is named
with its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from loadtui.model.metric import MetricType
from loadtui.scenario.importer.found import Found, FoundRequest, put_body
from loadtui.scenario.importer.js_known import Answer, Json, Obj, Unknown, as_text
from loadtui.scenario.importer.js_token import Token, tokens
from loadtui.scenario.importer.js_value import Values
from loadtui.scenario.importer.k6_check import check_of
from loadtui.scenario.importer.k6_options import read_options

_METHODS = {
    "get": "GET", "head": "HEAD", "post": "POST", "put": "PUT", "patch": "PATCH", "del": "DELETE",
    "options": "OPTIONS",
}  # fmt: skip
_METRICS: Mapping[str, MetricType] = {
    "Counter": "counter", "Gauge": "gauge", "Rate": "rate", "Trend": "trend",
}  # fmt: skip
_BRANCHES = {"if": "taken", "for": "run once", "while": "run once", "switch": "taken"}
_AROUND = frozenset({"setup", "teardown", "handleSummary"})
_SILENT = frozenset({
    "export", "default", "function", "async", "await", "const", "let", "var", "return", "else",
    "try", "catch", "finally", "group",
})  # fmt: skip
_MARKS = re.compile(r"[\s(){}\[\];,=>!.?:&|]*")


class _Reader(Values):
    """Walks through a script from its first word to its last."""

    def __init__(self, words: list[Token]) -> None:
        self.known: dict[str, Any] = {}
        super().__init__(words, self.known)
        self.found = Found(name="k6")
        self.metrics: dict[str, MetricType] = {}
        self.options: Obj | None = None
        self._answers: dict[str, FoundRequest] = {}
        self._said: set[int] = set()
        self._lines = _lines_of(words)

    def read(self) -> Found:
        while self.at < len(self.words):
            start = self.at
            self._statement()
            self.at = max(self.at, start + 1)
        if self.options is not None:
            read_options(self.options, self.found, self.metrics)
        if self.metrics:
            self.found.extra["metrics"] = dict(self.metrics)
        return self.found

    # -- statements --------------------------------------------------------------------------

    def _statement(self) -> None:
        word = self.peek()
        if word.kind != "name":
            self._odd(word)
            self.at += 1
        elif word.text == "import":
            self._import()
        elif word.text in {"const", "let", "var"} and self.peek(2).is_sign("="):
            self._constant()
        elif word.text == "function" and self.peek(1).text in _AROUND:
            self._around(self.peek(1).text)
        elif word.text in _BRANCHES and self.peek(1).is_sign("("):
            words = f"what stands in this {word.text} is read as if it were {_BRANCHES[word.text]}"
            self.found.skip(word.line, words)
            self._past_parentheses()
        else:
            self._act(word, "")

    def _act(self, word: Token, name: str) -> bool:
        """Take a call that means something here; `name`: the constant that gets its answer."""
        if self.peek().text == "await":
            self.at += 1
            word = self.peek()
        if word.text == "http" and self.peek(1).is_sign(".") and self.peek(3).is_sign("("):
            self._http(name)
        elif word.text in {"sleep", "check"} and self.peek(1).is_sign("("):
            self.at += 2
            given = self.arguments()
            (self._sleep if word.text == "sleep" else self._check)(word, given)
        elif word.text == "group" and self.peek(1).is_sign("("):
            self.at += 4  # its name and the comma; what it does stands behind
        elif word.text == "function" and self.peek(1).kind == "name":
            self.at += 2
            self._past_parentheses()
        elif name:
            return False
        else:
            self._odd(word)
            self.at += 1
        return True

    def _odd(self, word: Token) -> None:
        """Name a line that was not understood, once, and go past its statement's words."""
        is_quiet = word.kind == "sign" and _MARKS.fullmatch(word.text)
        if is_quiet or word.text in _SILENT or word.line in self._said:
            return
        self._said.add(word.line)
        self.found.skip(word.line, f"not understood: {self._lines.get(word.line, word.text)[:70]}")

    def _import(self) -> None:
        line = self.peek().line
        while self.at < len(self.words) and self.peek().kind != "text":
            self.at += 1
        source = self.peek().text
        self.at += 1
        if not source.startswith("k6") and "jslib.k6.io/k6-utils" not in source:
            self.found.skip(line, f"the import of {source} is left out")

    def _constant(self) -> None:
        name = self.peek(1)
        self.at += 3
        word = self.peek()
        if word.text == "new":
            self._metric(word)
            return
        start = self.at
        if self._act(word, name.text):
            return
        value = self.value()
        if name.text == "options" and isinstance(value, Obj):
            self.options = value
        elif isinstance(value, Unknown):
            self.found.skip(name.line, f"{name.text} is not known without running the script")
            if any(each.text == "http" for each in self.words[start : self.at]):
                self.at = start
        else:
            self.known[name.text] = value

    def _metric(self, word: Token) -> None:
        kind = self.peek(1).text
        self.at += 3
        given = self.arguments()
        if kind in _METRICS and given and isinstance(given[0], str):
            self.metrics[given[0]] = _METRICS[kind]
        else:
            self.found.skip(word.line, f"new {kind} is left out")

    def _around(self, name: str) -> None:
        self.found.skip(self.peek().line, f"{name}() is left out")
        self.at += 2
        self._past_parentheses()
        self._past("{", "}")

    def _past_parentheses(self) -> None:
        while self.at < len(self.words) and not self.peek().is_sign("("):
            self.at += 1
        self._past("(", ")")

    def _past(self, opening: str, closing: str) -> None:
        depth = 0
        while self.at < len(self.words):
            depth += self.peek().is_sign(opening) - self.peek().is_sign(closing)
            self.at += 1
            if not depth:
                return

    # -- what a VU does ----------------------------------------------------------------------

    def _http(self, name: str) -> None:
        line, verb = self.peek().line, self.peek(2).text
        self.at += 4
        given = self.arguments()
        if verb == "request" and given:
            method, given = str(as_text(given[0])).upper(), given[1:]
        elif verb in _METHODS:
            method = _METHODS[verb]
        else:
            self.found.skip(line, f"http.{verb} is left out")
            return
        url = as_text(given[0]) if given else None
        if url is None:
            self.found.skip(line, f"{method}: its url is not known without running the script")
            return
        has_body = verb not in {"get", "head"}
        body, params = (*given[1:], None, None)[:2] if has_body else (None, (*given, None)[1])
        request = FoundRequest(line=line, url=url.partition("#")[0], method=method)
        self._params(request, params)
        self._body(request, body)
        self.found.requests.append(request)
        if name:
            self._answers[name] = request
            request.save = {}
            self.known[name] = Answer(name, request.save)

    def _params(self, request: FoundRequest, params: object) -> None:
        if not isinstance(params, Obj):
            if params is not None:
                self.found.skip(request.line, "the parameters of this request are not known")
            return
        for key, value in params.items():
            line = params.lines.get(key, request.line)
            if key in {"headers", "tags"} and isinstance(value, Obj):
                texts = {each: as_text(inside) for each, inside in value.items()}
                for name in (each for each, text in texts.items() if text is None):
                    self.found.skip(line, f"{name} in {key} is known only when the script runs")
                known = {each: text for each, text in texts.items() if text is not None}
                if key == "headers":
                    request.headers = {each.lower(): text for each, text in known.items()}
                else:
                    request.name = known.pop("name", "")
                    request.tags = known
            else:
                self.found.skip(line, f"{key} of a request is left out")

    def _body(self, request: FoundRequest, body: object) -> None:
        match body:
            case None:
                return
            case Json(value=value) if isinstance(value, dict | list) and _is_known(value):
                request.json = _json(value)
                if request.header("content-type") == "application/json":
                    request.without("content-type")
            case Obj() if _is_known(body):
                request.form = {key: as_text(value) or "" for key, value in body.items()}
            case str():
                put_body(request, body)
            case _:
                words = "its body is not known without running the script"
                self.found.skip(request.line, words)

    def _sleep(self, word: Token, given: list[Any]) -> None:
        seconds = given[0] if given else None
        match seconds:
            case int() | float() if seconds >= 0 and self.found.requests:
                self.found.requests[-1].think += seconds
            case _:
                self._no_sleep(word)

    def _no_sleep(self, word: Token) -> None:
        self.found.skip(word.line, "this sleep is left out: write think: after a request")

    def _check(self, word: Token, given: list[Any]) -> None:
        requests = self.found.requests
        checks = given[1] if len(given) > 1 else None
        if not requests or not isinstance(checks, Obj):
            self.found.skip(word.line, "this check is left out")
            return
        answer = given[0].name if isinstance(given[0], Answer) else ""
        request = self._answers.get(answer, requests[-1])
        for name in checks:
            made = check_of(checks.words.get(name, ()))
            if made is None:
                line = checks.lines.get(name, word.line)
                self.found.skip(line, f"the check {name!r} has no words in a scenario")
            else:
                request.checks = {**request.checks, name: made}


def from_k6(script: str) -> Found:
    """What a k6 script says."""
    return _Reader(tokens(script)).read()


def _lines_of(words: list[Token]) -> dict[int, str]:
    out: dict[int, list[str]] = {}
    for each in words:
        out.setdefault(each.line, []).append(repr(each.text) if each.kind == "text" else each.text)
    return {line: " ".join(texts) for line, texts in out.items()}


def _is_known(value: object) -> bool:
    match value:
        case dict():
            return all(_is_known(each) for each in value.values())
        case list():
            return all(_is_known(each) for each in value)
        case _:
            return value is None or as_text(value) is not None


def _json(value: Any) -> Any:  # noqa: ANN401 - a tree of anything
    match value:
        case dict():
            return {key: _json(each) for key, each in value.items()}
        case list():
            return [_json(each) for each in value]
        case None | bool() | int() | float():
            return value
        case _:
            return as_text(value)
