"""A scenario file with nearly every key, and ways to spoil it, each with the place it spoils."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

BASE = """\
name: shop
description: all that a file may say
owner: us
target: http://127.0.0.1:1
timeout: 10s
redirects: 3
client: http1
connections: per-vu
max_age: 30s
headers:
  x-api-key: abc
cookies:
  session: one
tags:
  team: web
requests:
  - name: create
    method: POST
    url: /orders
    timeout: 5s
    body: text
    think: 1s
    tags:
      kind: write
    checks:
      is made:
        status: 201
        duration: 500ms
    save:
      order_id: id
    count:
      created: is made
  - name: look
    url: /orders/1
    expect: 404
metrics:
  extra: counter
load:
  executor: ramping-vus
  startVUs: 1
  gracefulRampDown: 5s
  gracefulStop: 6s
  startTime: 1s
  stages:
    - duration: 10s
      target: 5
thresholds:
  http_req_duration:
    - threshold: p(95)<500
      abortOnFail: true
      delayAbortEval: 10s
tracing:
  sample: 0.1
tls:
  verify: true
  server_name: shop
guard:
  max_vus: 10
  max_rate: 100
  max_duration: 1h
  ttl: 1m
chaos:
  proxies:
    db:
      listen: 127.0.0.1:21001
      upstream: 127.0.0.1:5432
  faults:
    slow:
      proxy: db
      toxic: latency
      stream: downstream
      toxicity: 0.5
      attributes:
        latency: 100
"""
_KEY = re.compile(r"(?P<before> *(?:- )?)(?P<key>[\w][\w -]*):(?: (?P<value>.*))?")

DURATIONS = {
    "timeout", "max_age", "think", "gracefulRampDown", "gracefulStop", "startTime", "duration",
    "delayAbortEval", "max_duration", "ttl",
}  # fmt: skip
COUNTS = {"redirects", "startVUs", "max_vus", "max_rate"}
BOOLEANS = {"verify", "abortOnFail"}
SHARES = {"sample", "toxicity"}
CHOICES = {"client", "connections", "executor", "stream"}
TEXTS = {"name", "description", "owner", "target", "method", "url", "server_name", "proxy"}
WRONG: tuple[tuple[set[str], tuple[str, ...]], ...] = (
    (DURATIONS, ("10", "1x", "-1s", "[1s]", "1" * 40 + "h", "''")),
    (COUNTS, ("-1", "1.5", "many", "[1]", "1" * 40, "true", "'1'", "0x")),
    (BOOLEANS, ("maybe", "1", "[true]", "yes", "{a: b}")),
    (SHARES, ("-0.1", "1.1", "half", "[0.5]", ".nan", ".inf")),
    (CHOICES, ("nonsense", "[a]", "{a: b}", "1", "ünïcode", "''")),
    (TEXTS, ("[a]", "{a: b}")),
)
MAPPINGS = {
    "headers", "cookies", "tags", "checks", "save", "count", "metrics", "load", "thresholds",
    "tracing", "tls", "guard", "chaos", "proxies", "faults", "attributes",
}  # fmt: skip
FREE = {
    "x-api-key", "session", "team", "kind", "is made", "order_id", "created", "extra", "db",
    "slow", "http_req_duration", "latency",
}  # fmt: skip
"""Keys that may have any name."""


class Line(msgspec.Struct, frozen=True):
    """A line with a key; columns count from 1. `value`: "" where a block follows."""

    number: int
    before: str
    key: str
    value: str

    @property
    def column(self) -> int:
        """Where the key begins."""
        return len(self.before) + 1

    @property
    def value_column(self) -> int:
        """Where the value begins."""
        return self.column + len(self.key) + 2


class Spoilt(msgspec.Struct, frozen=True):
    """A file that is wrong in one place; `how` it was made so."""

    how: str
    text: str
    line: int
    column: int


def keys(text: str = BASE) -> Iterator[Line]:
    """Every line with a key."""
    for number, line in enumerate(text.splitlines(), start=1):
        found = _KEY.fullmatch(line)
        assert found is not None, line
        yield Line(number, found["before"], found["key"], found["value"] or "")


def _with(line: Line, *new: str) -> str:
    lines = BASE.splitlines()
    lines[line.number - 1 : line.number] = new
    return "\n".join(lines) + "\n"


def _valued(line: Line, value: str) -> Spoilt:
    text = _with(line, f"{line.before}{line.key}: {value}")
    where = f"{line.number} {line.key}: {value[:30]!r}"
    return Spoilt(where, text, line.number, line.value_column)


def values(line: Line) -> Iterator[Spoilt]:
    """Values that its key cannot have."""
    wrong = next((values for keys_, values in WRONG if line.key in keys_), ())
    yield from (_valued(line, value) for value in wrong)
    if line.key in MAPPINGS and not line.value:
        end = _end(line)
        lines = BASE.splitlines()
        for value in ("[1, 2]", "text", "7", "true"):
            lines_ = [*lines[: line.number - 1], f"{line.before}{line.key}: {value}", *lines[end:]]
            how = f"{line.number} {line.key}: {value!r} in place of a block"
            yield Spoilt(how, "\n".join(lines_) + "\n", line.number, line.value_column)


def _end(line: Line) -> int:
    """The number of the last line of the block below a key."""
    lines = BASE.splitlines()
    end = line.number
    while end < len(lines) and len(lines[end]) - len(lines[end].lstrip()) > len(line.before):
        end += 1
    return end


def names(line: Line) -> Iterator[Spoilt]:
    """Names that its key cannot have, and the key twice."""
    if line.key not in FREE:
        for name in (f"{line.key}zz", line.key.upper() + "_", f"{line.key[0]}й{line.key[1:]}"):
            rest = f" {line.value}" if line.value else ""
            text = _with(line, f"{line.before}{name}:{rest}")
            yield Spoilt(f"{line.number} {line.key} as {name}", text, line.number, line.column)
    if line.value:
        again = f"{' ' * len(line.before)}{line.key}: {line.value}"
        text = _with(line, f"{line.before}{line.key}: {line.value}", again)
        yield Spoilt(f"{line.number} {line.key} twice", text, line.number + 1, line.column)


def shapes(line: Line) -> Iterator[Spoilt]:
    """What is no YAML, or YAML that a scenario has no use for."""
    if not line.value:
        return
    lead = f"{line.before}{line.key}: "
    where = f"{line.number} {line.key}"
    column = line.value_column
    yield Spoilt(
        f"{where} with an unknown alias", _with(line, f"{lead}*nobody"), line.number, column
    )
    tab = f"{' ' * len(line.before)}\t{line.key}zz: 1"
    yield Spoilt(
        f"{where} then a tab",
        _with(line, f"{lead}{line.value}", tab),
        line.number + 1,
        len(line.before) + 1,
    )
    for what, value in (
        ("a bracket that is never closed", "[a"),
        ("a quote that is never closed", '"a'),
        ("a brace that is never closed", "{a: b"),
        ("an unknown tag", "!!python/object:os.system ls"),
        ("a control character", "\x01"),
        ("an unset variable", "${NOBODY_SET_THIS}"),
    ):
        yield Spoilt(f"{where} with {what}", _with(line, f"{lead}{value}"), line.number, column)
    # So many brackets are too many by a few; the first that is told is the first too deep.
    deep = "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)
    place = column + DEEPEST + 1 - _depth(line)
    yield Spoilt(f"{where} too deep", _with(line, f"{lead}{deep}"), line.number, place)


DEEPEST = 60
"""Mappings and lists within each other that a file may have."""


def _depth(line: Line) -> int:
    """How many mappings and lists are around a line's value."""
    depth, left = 0, len(line.before) + 1
    for other in reversed(BASE.splitlines()[: line.number]):
        found = _KEY.fullmatch(other)
        assert found is not None
        if len(found["before"]) < left:
            left = len(found["before"])
            depth += 1
        if other[:left].endswith("- "):
            left -= 2
            depth += 1
    return depth


def spoilt() -> Iterator[Spoilt]:
    """All of them."""
    for line in keys():
        yield from values(line)
        yield from names(line)
        yield from shapes(line)
