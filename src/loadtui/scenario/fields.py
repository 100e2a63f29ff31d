"""One value of the file each: what may be written and what it becomes (pure).

Every reader takes what the file holds (str, Text, number, bool, None, dict, list) and raises
`Refused`, pydantic's kind of error, with the words for people inside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar, cast

import jmespath
import jmespath.exceptions
import jmespath.functions
from pydantic import PlainValidator

from loadtui.errors import BadInput
from loadtui.model.metric import MetricType
from loadtui.model.request import Range, Think
from loadtui.model.scenario import ClientKind, Reused
from loadtui.model.suggest import advice
from loadtui.model.text import Text, constant
from loadtui.model.units import address, parse_duration
from loadtui.scenario import header, think
from loadtui.scenario.text import RESERVED, Filled
from loadtui.scenario.url import absolute, base

T = TypeVar("T")

_STATUS = re.compile(r"(\d{3})(?:\s*-\s*(\d{3}))?", re.ASCII)
_SAVED_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
MOST = 1_000_000_000
"""Of anything that is counted; what workers are told in whole numbers has an end."""
_FRESH = "holds a value that is fresh for each request"
_FRESH_HINT = "such values stand in a request's url, headers, cookies and body only"


class Refused(ValueError):
    """What pydantic collects: a BadInput in the clothes of a ValueError."""

    def __init__(self, bad: BadInput) -> None:
        super().__init__(str(bad))
        self.bad = bad


def field(read: Callable[[Any], T]) -> PlainValidator:
    """Pydantic's validator from a reader that raises BadInput."""

    def validate(value: object) -> T:
        try:
            return read(value)
        except BadInput as error:
            raise Refused(error) from error

    return PlainValidator(validate)


def meant(value: Any) -> Any:  # noqa: ANN401 - any value of a file
    """The value; of a plain `${NAME}` alone, what YAML would have read in its place."""
    return value.meaning if isinstance(value, Filled) else value


def kind_of(value: object) -> str:
    """What a value is, in words."""
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return "text"


def text(value: object) -> str:
    """Text that is fixed at start."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Text):
        raise BadInput(f"this {_FRESH}", hint=_FRESH_HINT)
    if isinstance(value, bool | int | float):
        raise BadInput(f"this is {kind_of(value)}, not text", hint="write it in quotes")
    raise BadInput(f"this is {kind_of(value)}, not text", hint="write text, or leave the key out")


def template(value: object) -> Text:
    """Text that may be fresh for each request; a whole number needs no quotes."""
    if isinstance(value, Text):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return constant(str(value))
    return constant(text(value))


def url_text(value: object) -> Text:
    """A URL, which may be fresh for each request."""
    return value if isinstance(value, Text) else constant(text(value))


def whole(value: object) -> int:
    """A whole number."""
    value = meant(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise BadInput(f"this is {_but(value)}, not a whole number", hint="write one, such as 10")


def number(value: object) -> float:
    """Any number."""
    value = meant(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise BadInput(f"this is {_but(value)}, not a number", hint="write one, such as 0.5")


def yes_or_no(value: object) -> bool:
    """True or false."""
    value = meant(value)
    if isinstance(value, bool):
        return value
    raise BadInput(f"this is {_but(value)}, not true or false", hint="write true or false")


def between(low: int, high: int) -> Callable[[object], int]:
    """A reader of whole numbers from `low` to `high`."""

    def read(value: object) -> int:
        number_ = whole(value)
        if not low <= number_ <= high:
            hint = f"take {low} or more" if high == MOST > number_ else f"take {low} to {high}"
            raise BadInput(f"{number_} is too {'small' if number_ < low else 'large'}", hint=hint)
        return number_

    return read


def duration(value: object) -> float:
    """Seconds of a duration with its unit."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return parse_duration(f"{value:g}")
    return parse_duration(text(value))


def lasting(value: object) -> float:
    """Seconds of a duration longer than nothing."""
    if (seconds := duration(value)) <= 0:
        raise BadInput("this must last longer than nothing", hint="write 1s or more")
    return seconds


def think_time(value: object) -> Think:
    """`1s` or `1s..3s`."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        duration(value)
    return think.parse("0" if value == 0 else text(value))


def statuses(value: object) -> tuple[Range, ...]:
    """`201`, `200-299`, or a list of both."""
    each = value if isinstance(value, list) else [value]
    if not each:
        raise BadInput("the list of statuses is empty", hint="write [200-399], or leave it out")
    return tuple(_status(one) for one in each)


def _status(value: object) -> Range:
    is_written = isinstance(value, int | str) and not isinstance(value, bool)
    written = str(value) if is_written else kind_of(value)
    found = _STATUS.fullmatch(written.strip()) if is_written else None
    if found is None:
        raise BadInput(f"{written!r} is not a status", hint="write 201 or 200-299")
    low, high = int(found[1]), int(found[2] or found[1])
    if not 100 <= low <= high <= 599:
        hint = "statuses go from 100 to 599, the lower one first"
        raise BadInput(f"{written!r} is not a status", hint=hint)
    return low, high


def json_path(value: object) -> str:
    """A JMESPath that compiles and calls only functions that exist."""
    written = text(value)
    try:
        compiled = jmespath.compile(written)
    except jmespath.exceptions.JMESPathError as error:
        said = str(error).splitlines()[0].partition("expression: ")[2].rstrip(":").lower()
        hint = "mend it"
        if "-" in written:
            hint = """a name with - needs quotes inside quotes: '"order-id"'"""
        raise BadInput(f"{written!r} is not JMESPath ({said})", hint=hint) from None
    known = jmespath.functions.Functions.FUNCTION_TABLE
    for name in _functions(cast("Mapping[str, Any]", compiled.parsed)):
        if name not in known:
            raise BadInput(f"JMESPath has no function {name}", hint=advice(name, known))
    return written


def _functions(node: Mapping[str, Any]) -> list[str]:
    own = [str(node["value"])] if node["type"] == "function_expression" else []
    return own + [name for child in node["children"] for name in _functions(child)]


def saved_name(value: object) -> str:
    """A name for `save:`."""
    name = text(value)
    if name in RESERVED:
        raise BadInput(f"{name} has a meaning of its own in ${{{name}}}", hint="choose another")
    if _SAVED_NAME.fullmatch(name) is None:
        raise BadInput(f"{name!r} is not a name", hint="use letters, digits and _")
    return name


def host(value: object) -> str:
    """A host name or an address, without scheme, port or path."""
    name = text(value).strip()
    if "://" in name or "/" in name or not name or " " in name:
        hint = "write the host name or address alone, such as staging.example.com"
        raise BadInput(f"{name!r} is not a host", hint=hint)
    return name


def choice(**allowed: bool) -> Callable[[object], str]:
    """A reader of one of some words (given with - as _); those that are False come later."""
    words = {name.replace("_", "-"): supported for name, supported in allowed.items()}

    def read(value: object) -> str:
        word = text(value)
        if word not in words:
            hint = advice(word, [each for each, supported in words.items() if supported])
            raise BadInput(f"{word!r} means nothing here", hint=hint)
        if not words[word]:
            hint = f"leave it out, or write {next(iter(words))}"
            raise BadInput(f"{word} is not supported in this version yet", hint=hint)
        return word

    return read


def _address(value: object) -> str:
    address(text(value))
    return text(value)


def _name(value: object) -> str:
    if not (name := text(value).strip()):
        raise BadInput("this is empty", hint="write something, or leave the key out")
    return name


def _target(value: object) -> str:
    return base(text(value))


def _server(value: object) -> str:
    if written := text(value).strip():
        absolute(constant(written))
    return written.rstrip("/")


def _share(value: object) -> float:
    if not 0 <= (share := number(value)) <= 1:
        raise BadInput(f"{share:g} is not a share", hint="take 0 to 1")
    return share


def _but(value: object) -> str:
    return f"{str(value)!r}" if isinstance(value, str) else kind_of(value)


Words = Annotated[str, field(text)]
Name = Annotated[str, field(_name)]
Template = Annotated[Text, field(template)]
Url = Annotated[Text, field(url_text)]
Flag = Annotated[bool, field(yes_or_no)]
Count = Annotated[int, field(between(1, MOST))]
Amount = Annotated[int, field(between(0, MOST))]
Redirects = Annotated[int, field(between(0, 100))]
Seconds = Annotated[float, field(duration)]
Lasting = Annotated[float, field(lasting)]
ThinkTime = Annotated[Think, field(think_time)]
Statuses = Annotated[tuple[Range, ...], field(statuses)]
JsonPath = Annotated[str, field(json_path)]
SavedName = Annotated[str, field(saved_name)]
Method = Annotated[str, field(lambda value: header.check_method(text(value)))]
Host = Annotated[str, field(host)]
Address = Annotated[str, field(_address)]
Target = Annotated[str, field(_target)]
Server = Annotated[str, field(_server)]
Share = Annotated[float, field(_share)]
Client = Annotated[ClientKind, field(choice(http1=True, httpx=True))]
Connections = Annotated[Reused, field(choice(per_vu=True, per_iteration=True, none=True))]
Stream = Annotated[str, field(choice(downstream=True, upstream=True))]
MetricKind = Annotated[MetricType, field(choice(counter=True, gauge=True, rate=True, trend=True))]
