"""What a virtual user fills into `${…}`: fresh for each request, saved names for each iteration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random

import msgspec

from loadtui.load.deck import Row
from loadtui.model.text import Text, Variable
from loadtui.model.trace import DIGITS, traceparent


class Sources:
    """Where values come from, shared by all VUs of a worker.

    `dice` are seeded by the session, so that its draws can be repeated; `ids` must never repeat
    and come from the operating system's chance. `now`: Unix seconds. `digits`: for ids, `DIGITS`
    random hexadecimal ones at a time.
    """

    __slots__ = ("dice", "digits", "now")

    def __init__(self, dice: Random, ids: Random, now: Callable[[], float]) -> None:
        """Keep the three."""
        self.dice, self.now = dice, now
        self.digits = _digits(ids)


# Cut from long strings, because a draw for each id costs a microsecond.
def _digits(ids: Random) -> Iterator[str]:
    while True:
        many = ids.randbytes(DIGITS * 32).hex()
        for at in range(0, len(many), DIGITS):
            yield many[at : at + DIGITS]


class Values:
    """One VU's values. `vu` counts from 1, `iteration` from 0, as in k6."""

    __slots__ = ("iteration", "rows", "saved", "sources", "vu")

    def __init__(self, vu: int, sources: Sources) -> None:
        """Begin before the first iteration."""
        self.sources = sources
        self.vu = vu
        self.iteration = -1
        self.saved: dict[str, str] = {}
        self.rows: dict[str, Row] = {}
        """Of data files, one a source: those of this iteration."""

    def begin(self) -> None:
        """Enter the next iteration; what the last one saved is gone."""
        self.iteration += 1
        if self.saved:
            self.saved = {}

    def render(self, text: Text) -> str:
        """The text with its values; KeyError (its argument the name) when one was never saved."""
        return filler(text)(self)


Fill = Callable[[Values], str]
"""From a VU's values to a text; raises KeyError for a name not saved in this iteration."""


def filler(text: Text) -> Fill:
    """How to fill a text in, made ready once: what is constant is not looked at again."""
    sources = tuple(_source(each) for each in text.variables)
    form = "".join(
        part.replace("%", "%%") if isinstance(part, str) else "%s" for part in text.parts
    )
    if not sources:
        whole = form % ()
        return lambda _: whole
    if len(sources) == 1:
        return lambda values, source=sources[0]: form % source(values)  # type: ignore[misc]
    return lambda values: form % tuple([source(values) for source in sources])


def _source(variable: Variable) -> Fill:
    """How to get the value of a variable as it is written where it stands."""
    escape = variable.escape
    if variable.kind == "data" and escape == "json value":
        return _kept_source(variable)
    plain = _plain_source(variable)
    is_plain = variable.kind in {"vu", "iteration", "random", "trace"}
    if is_plain or escape == "" or (variable.kind == "uuid" and escape != "json value"):
        return plain
    return lambda values: variable.written(plain(values))


def _plain_source(variable: Variable) -> Fill:
    name, low, high = variable.name, variable.low, variable.high
    match variable.kind:
        case "saved" | "data":
            return _kept_source(variable)
        case "uuid":
            return lambda values: uuid4(next(values.sources.digits))
        case "random":
            return lambda values: str(values.sources.dice.randint(low, high))
        case "vu":
            return lambda values: str(values.vu)
        case "iteration":
            return lambda values: str(values.iteration)
        case "now":
            return lambda values: timestamp(values.sources.now())
        case "trace":
            return lambda values: traceparent(next(values.sources.digits), name)


def _kept_source(variable: Variable) -> Fill:
    """What an answer or a data file gave."""
    name = variable.name
    if variable.kind == "saved":
        return lambda values: values.saved[name]
    source, _, column = name.partition(".")
    if variable.escape == "json value":
        return lambda values: values.rows[source].as_json(column)
    return lambda values: values.rows[source].as_text(column)


_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def uuid4(d: str) -> str:
    """A random UUID (RFC 9562, version 4) as text; `d`: at least 32 random digits."""
    return f"{d[:8]}-{d[8:12]}-4{d[13:16]}-{_VARIANT[d[16]]}{d[17:20]}-{d[20:32]}"


def timestamp(seconds: float) -> str:
    """Unix seconds as ISO 8601 in UTC with milliseconds, such as 2026-11-23T08:21:13.250Z."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_text(value: object) -> str:
    """How a saved JSON value reads in a request: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
