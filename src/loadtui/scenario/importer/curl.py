"""curl command lines, as browsers copy them → requests (pure)."""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Callable, Iterator
from urllib.parse import quote_plus

import msgspec

from loadtui.errors import BadInput
from loadtui.scenario.importer.found import Found, FoundRequest, literal, put_body
from loadtui.scenario.importer.shell import commands

_VALUES = {
    "-X": "--request", "-H": "--header", "-d": "--data", "-F": "--form", "-u": "--user",
    "-b": "--cookie", "-A": "--user-agent", "-e": "--referer", "-o": "--output", "-m": "--max-time",
    "-w": "--write-out", "-c": "--cookie-jar", "-x": "--proxy", "-T": "--upload-file",
    "-r": "--range",
    "-E": "--cert", "-K": "--config", "-D": "--dump-header",
}  # fmt: skip
_FLAGS = {
    "-k": "--insecure", "-L": "--location", "-G": "--get", "-I": "--head", "-s": "--silent",
    "-S": "--show-error", "-v": "--verbose", "-i": "--include", "-f": "--fail", "-g": "--globoff",
    "-N": "--no-buffer", "-#": "--progress-bar", "-n": "--netrc", "-O": "--remote-name",
    "-0": "--http1.0", "-4": "--ipv4", "-6": "--ipv6", "-j": "--junk-session-cookies",
}  # fmt: skip
_LONG_VALUES = frozenset(_VALUES.values()) | {
    "--data-raw", "--data-ascii", "--data-binary", "--data-urlencode", "--json", "--url",
    "--oauth2-bearer", "--form-string", "--url-query", "--connect-timeout", "--cacert", "--key",
    "--resolve", "--retry", "--retry-delay", "--ciphers", "--interface", "--limit-rate",
    "--max-redirs", "--unix-socket", "--connect-to", "--proxy-user", "--noproxy", "--tls-max",
    "--capath", "--trace", "--trace-ascii", "--stderr", "--variable", "--expand-url",
}  # fmt: skip
_QUIET = frozenset({
    "--silent", "--show-error", "--verbose", "--include", "--compressed", "--fail", "--globoff",
    "--no-buffer", "--progress-bar", "--location", "--output", "--write-out", "--remote-name",
    "--insecure", "--fail-with-body", "--http1.1", "--path-as-is", "--no-progress-meter",
})  # fmt: skip
"""What says nothing about the request, or what every run does anyway."""

_DATA = frozenset({"--data", "--data-ascii", "--data-raw", "--data-binary", "--data-urlencode"})
Read = Callable[[str], str]
"""The text of a file named by `@file`; raises BadInput."""


class _Line(msgspec.Struct):
    """One command's options, in order."""

    line: int
    given: list[tuple[str, str]] = []
    urls: list[str] = []

    def all(self, *names: str) -> list[str]:
        return [value for name, value in self.given if name in names]

    def last(self, name: str) -> str:
        return next(iter(reversed(self.all(name))), "")

    def has(self, name: str) -> bool:
        return any(each == name for each, _ in self.given)


def from_curl(text: str, read: Read) -> Found:
    """Every curl command of a text; `read` looks up `@file`."""
    found = Found(name="curl")
    is_insecure = False
    for number, command in commands(text):
        try:
            words = shlex.split(command, comments=True)
        except ValueError as error:
            found.skip(number, f"this is no command that a shell could read: {error}")
            continue
        if not words:
            continue
        if words[0].rpartition("/")[2] not in {"curl", "curl.exe"}:
            found.skip(number, f"this is no curl command: {' '.join(words)[:60]}")
            continue
        for line in _parted(number, words[1:], found):
            _add(line, found, read)
            is_insecure = is_insecure or line.has("--insecure")
    if is_insecure:
        found.extra["tls"] = {"verify": False}
    return found


def _parted(number: int, words: list[str], found: Found) -> Iterator[_Line]:
    """Options of each request of a command; `--next` begins another."""
    line = _Line(number)
    rest = iter(words)
    for word in rest:
        if word in {"--next", "-:"}:
            yield line
            line = _Line(number)
        elif word.startswith("--") and len(word) > 2:
            _long(word, rest, line)
        elif word.startswith("-") and len(word) > 1:
            _short(word, rest, line, found)
        elif word in {"|", "||", "&&", ";", ">", ">>", "2>", "2>&1"}:
            left = " ".join([word, *rest])
            found.skip(number, f"what follows the command is left out: {left[:60]}")
        else:
            line.urls.append(word)
    yield line


def _long(word: str, rest: Iterator[str], line: _Line) -> None:
    name, sign, value = word.partition("=")
    if name in _LONG_VALUES:
        value = value if sign else next(rest, "")
    if name == "--url":
        line.urls.append(value)
    else:
        line.given.append((name, value))


def _short(word: str, rest: Iterator[str], line: _Line, found: Found) -> None:
    """`-sSL`, `-XPOST`, `-H value`."""
    at = 1
    while at < len(word):
        flag = f"-{word[at]}"
        at += 1
        if flag in _VALUES:
            line.given.append((_VALUES[flag], word[at:] or next(rest, "")))
            return
        if flag in _FLAGS:
            line.given.append((_FLAGS[flag], ""))
        else:
            found.skip(line.line, f"the option {flag} means nothing here")


def _add(line: _Line, found: Found, read: Read) -> None:
    if not line.urls:
        if line.given:
            found.skip(line.line, "this command names no URL")
        return
    for url in line.urls:
        try:
            found.requests.append(_request(line, url, read))
        except BadInput as error:
            found.skip(line.line, f"{url[:80]} is left out: {error}")
    if line.has("--form"):
        found.skip(line.line, "the form is sent url-encoded, not as multipart/form-data")
    for name in dict.fromkeys(name for name, _ in line.given):
        if name not in _READ | _QUIET:
            found.skip(line.line, f"the option {name} is left out")


_READ = _DATA | {
    "--request", "--header", "--form", "--form-string", "--user", "--cookie", "--user-agent",
    "--referer", "--json", "--get", "--head", "--max-time", "--oauth2-bearer", "--url-query",
}  # fmt: skip


def _request(line: _Line, url: str, read: Read) -> FoundRequest:
    body, has_body = _data(line, read), any(line.has(name) for name in (*_DATA, "--json"))
    is_query = line.has("--get")
    parts = [each for each in (*_query(line), body if is_query else "") if each]
    whole = _with_query(url if "://" in url else f"http://{url}", "&".join(parts))
    form = _form(line)
    method = "POST" if (has_body and not is_query) or form else "GET"
    method = "HEAD" if line.has("--head") else method
    out = FoundRequest(
        line=line.line,
        url=literal(whole.partition("#")[0].replace(" ", "%20")),
        method=(line.last("--request") or method).upper(),
        headers=_headers(line, has_json=line.has("--json")),
    )
    if form is not None:
        out.form = form
        out.without("content-type")
    elif has_body and not is_query:
        if not out.header("content-type"):
            out.headers["content-type"] = "application/x-www-form-urlencoded"
        put_body(out, literal(body))
    return out


def _headers(line: _Line, *, has_json: bool) -> dict[str, str]:
    out: dict[str, str] = {}
    if has_json:
        out |= {"content-type": "application/json", "accept": "application/json"}
    out |= _plain_options(line)
    for each in line.all("--header"):
        name, sign, value = each.partition(":")
        name = name.strip().lower()
        if sign and value.strip() and name not in _OWN:
            out[name] = literal(value.strip())
        elif not sign and each.endswith(";"):
            out[each[:-1].strip().lower()] = ""
    return out


def _plain_options(line: _Line) -> dict[str, str]:
    """Headers that have an option of their own."""
    out: dict[str, str] = {}
    for name, option in (("user-agent", "--user-agent"), ("referer", "--referer")):
        if value := line.last(option):
            out[name] = literal(value)
    if cookies := [each for each in line.all("--cookie") if "=" in each]:
        out["cookie"] = literal("; ".join(cookies))
    if user := line.last("--user"):
        out["authorization"] = f"Basic {base64.b64encode(user.encode()).decode()}"
    if token := line.last("--oauth2-bearer"):
        out["authorization"] = literal(f"Bearer {token}")
    return out


_OWN = frozenset({"content-length", "transfer-encoding", "connection", "accept-encoding"})
"""Headers that the engine writes itself."""


def _data(line: _Line, read: Read) -> str:
    parts: list[str] = []
    for name, value in line.given:
        if name == "--json":
            parts.append(read(value[1:]) if value.startswith("@") else value)
        elif name == "--data-urlencode":
            parts.append(_urlencoded(value, read))
        elif name in _DATA:
            is_file = value.startswith("@") and name != "--data-raw"
            text = read(value[1:]) if is_file else value
            is_flat = is_file and name != "--data-binary"
            parts.append(re.sub("[\r\n]", "", text) if is_flat else text)
    return ("" if line.has("--json") else "&").join(parts)


def _urlencoded(value: str, read: Read) -> str:
    name, sign, rest = value.partition("=")
    if sign:
        return f"{name}={quote_plus(rest)}" if name else quote_plus(rest)
    name, sign, file = value.partition("@")
    if sign:
        return (f"{name}=" if name else "") + quote_plus(read(file))
    return quote_plus(value)


def _query(line: _Line) -> list[str]:
    return [each.removeprefix("+") for each in line.all("--url-query")]


def _with_query(url: str, query: str) -> str:
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _form(line: _Line) -> dict[str, str] | None:
    """Fields of `-F`; files raise BadInput."""
    given = [(name, each) for name, each in line.given if name in {"--form", "--form-string"}]
    if not given:
        return None
    out: dict[str, str] = {}
    for option, each in given:
        name, _, value = each.partition("=")
        if option == "--form" and value[:1] in {"@", "<"}:
            hint = "send it from a Python journey"
            raise BadInput(f"the form uploads the file {value[1:]}", hint=hint)
        out[name] = literal(value.partition(";type=")[0] if option == "--form" else value)
    return out
