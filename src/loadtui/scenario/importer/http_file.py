"""`.http` and `.rest` files, as editors send them → requests (pure).

What JetBrains' and VS Code's clients agree on: `###` between requests, `@name = value`, `{{name}}`,
`# @name`, headers, a body after an empty line, `< file`. Scripts are named and left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from loadtui.errors import BadInput
from loadtui.scenario.importer.found import Found, FoundRequest, literal, put_body
from loadtui.scenario.text import RESERVED

_METHOD = re.compile(r"([A-Z]+)\s+(\S.*?)(?:\s+HTTP/[\d.]+)?\s*")
_BARE = re.compile(r"(https?://\S+|\{\{\w+\}\}\S*|/\S*)(?:\s+HTTP/[\d.]+)?\s*")
_VARIABLE = re.compile(r"@([A-Za-z_][\w.-]*)\s*=\s*(.*)")
_NAMED = re.compile(r"(?:#|//)\s*@name\s*[=\s]\s*(.+)")
_USED = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_RANDOM = re.compile(r"\$(?:randomInt|random\.integer)[\s(]*(-?\d+)[\s,]+(-?\d+)\)?")
_FROM_OUTSIDE = re.compile(r"\$(?:processEnv|dotenv)\s+%?(\w+)|\$env\.(\w+)")
_FRESH = {
    "$guid": "${uuid}", "$uuid": "${uuid}", "$random.uuid": "${uuid}", "$timestamp": "${now}",
    "$isoTimestamp": "${now}", "$randomInt": "${random:0..1000}",
    "$random.integer": "${random:0..1000}",
}  # fmt: skip
_OWN = frozenset({"content-length", "connection", "accept-encoding", "transfer-encoding", "host"})
_EXAMPLE = "http://127.0.0.1:3000"
Read = Callable[[str], str]


class _Block(msgspec.Struct):
    """Lines between two `###`, with their numbers; `title` stands behind the `###`."""

    title: str
    lines: list[tuple[int, str]] = []


class _Reader:
    """One file; collects its variables on the way."""

    def __init__(self, read: Read) -> None:
        self.found = Found(name="http")
        self._read = read
        self._values: dict[str, str] = {}
        self._asked: set[str] = set()

    def block(self, block: _Block) -> None:
        """Take the block's request, if it has one."""
        lines = list(self._without_notes(block))
        name = block.title
        for _, line in block.lines:
            if named := _NAMED.fullmatch(line.strip()):
                name = named[1].strip()
        while lines and not lines[0][1].strip():
            lines.pop(0)
        if not lines:
            return
        number, first = lines.pop(0)
        if not (parts := _first(first)):
            self.found.skip(number, f"this begins no request: {first.strip()[:60]}")
            return
        method, url = parts
        while lines and lines[0][1].strip()[:1] in {"?", "&"} and lines[0][1][:1].isspace():
            url += lines.pop(0)[1].strip()
        request = FoundRequest(line=number, url=self._url(url, number), method=method)
        request.name = literal(name.strip())
        self._headers(request, lines)
        self._body(request, lines)
        self.found.requests.append(request)

    def _without_notes(self, block: _Block) -> Iterator[tuple[int, str]]:
        """The lines that say something; before the request, variables and comments are taken."""
        is_begun = False
        is_script = False
        for number, line in block.lines:
            bare = line.strip()
            if is_script or bare.startswith(("> {%", "< {%")):
                if not is_script:
                    self.found.skip(number, "a script is left out")
                is_script = "%}" not in bare
            elif bare.startswith(("> ", ">> ", ">>! ", "<> ")):
                self.found.skip(number, f"what is done with the answer is left out: {bare[:60]}")
            elif not is_begun and (variable := _VARIABLE.fullmatch(bare)):
                self._set(variable[1], variable[2].strip(), number)
            elif not is_begun and bare.startswith(("#", "//")):
                continue
            else:
                is_begun = is_begun or bool(bare)
                yield number, line

    def _set(self, name: str, value: str, number: int) -> None:
        self._values[name] = self._filled(value, number)

    def _url(self, url: str, number: int) -> str:
        filled = self._filled(url, number)
        missing = re.match(r"\$\{(\w+):-\1\}", filled)
        if missing:  # a base that the editor's environment knows
            filled = filled.replace(missing[0], f"${{{missing[1]}:-{_EXAMPLE}}}", 1)
        return filled.partition("#")[0].replace(" ", "%20")

    def _headers(self, request: FoundRequest, lines: list[tuple[int, str]]) -> None:
        while lines and lines[0][1].strip():
            number, line = lines.pop(0)
            name, sign, value = line.partition(":")
            name = name.strip().lower()
            if line.strip().startswith(("#", "//")) or name in _OWN:
                continue
            if sign and name:
                request.headers[name] = self._filled(value.strip(), number)
            else:
                self.found.skip(number, f"this is no header: {line.strip()[:60]}")

    def _body(self, request: FoundRequest, lines: list[tuple[int, str]]) -> None:
        while lines and not lines[0][1].strip():
            lines.pop(0)
        text = "\n".join(line for _, line in lines).rstrip()
        if not text:
            return
        if text.startswith("< ") and "\n" not in text:
            try:
                text = self._read(text[2:].strip())
            except BadInput as error:
                self.found.skip(lines[0][0], f"the body is left out: {error.what}")
                return
        number = lines[0][0]
        if request.header("content-type").startswith("application/x-www-form-urlencoded"):
            text = text.replace("\n", "")
        filled = self._filled(text, number)
        if _USED.search(text):  # a value may be no JSON by itself: the text stays as it is
            request.body = filled
        else:
            put_body(request, filled)

    def _filled(self, text: str, number: int) -> str:
        return _USED.sub(lambda used: self._value(used[1], number), literal(text))

    def _value(self, inner: str, number: int) -> str:
        if inner in _FRESH:
            return _FRESH[inner]
        if inner in self._values:
            return _changeable(inner, self._values[inner])
        if between := _RANDOM.fullmatch(inner):
            low, high = sorted((int(between[1]), int(between[2])))
            return f"${{random:{low}..{high}}}"
        outside = _FROM_OUTSIDE.fullmatch(inner)
        name = (outside[1] or outside[2]) if outside else inner
        plain = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
        if not plain or plain[0].isdigit() or plain in RESERVED:
            self.found.skip(number, f"{{{{{inner}}}}} has no value here and is left empty")
            return ""
        if plain not in self._asked:
            self._asked.add(plain)
            self.found.skip(number, f"{{{{{inner}}}}} has no value here: set it with -e {plain}=…")
        return f"${{{plain}:-{plain}}}"


def from_http(text: str, read: Read) -> Found:
    """The requests of an `.http` file; `read` looks up `< file`."""
    reader = _Reader(read)
    for block in _blocks(text):
        reader.block(block)
    return reader.found


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block("")
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line.startswith("###"):
            yield block
            block = _Block(line.lstrip("#").strip())
        else:
            block.lines.append((number, line))
    yield block


def _first(line: str) -> tuple[str, str] | None:
    """Method and URL of a request's first line."""
    if whole := _METHOD.fullmatch(line.strip()):
        return whole[1], whole[2]
    bare = _BARE.fullmatch(line.strip())
    return ("GET", bare[1]) if bare else None


def _changeable(name: str, value: str) -> str:
    """A variable of the file: the environment may set it too, where our words can say so."""
    is_name = re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) and name not in RESERVED
    return f"${{{name}:-{value}}}" if is_name and value and not set("${}") & set(value) else value
