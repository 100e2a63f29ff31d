"""What people type into fields, read: each function gives the value or raises BadInput."""

from __future__ import annotations

import re

from loadtui.errors import BadInput
from loadtui.model.command import AddNote, CreateProxy, EditNote, RemoveNote, SetTarget
from loadtui.model.replay import SeekTo
from loadtui.model.snapshot import Chaos
from loadtui.model.toxic import AttributeSpec
from loadtui.model.units import address, grouped, parse_duration, parse_moment

_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)", re.ASCII)
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)
_LONGEST = 86_400.0
NAME_LENGTH = 64


def whole(text: str) -> int:
    """A whole number; spaces and no-break spaces between thousands are fine."""
    digits = text.replace(" ", "").replace("\u00a0", "")
    if not _WHOLE.fullmatch(digits):
        raise BadInput("write a whole number")
    return int(digits)


def target(text: str, most: int, ceiling: str = "max_vus") -> SetTarget:
    """How many VUs to run, or iterations to start per second; `ceiling`: what `most` is called."""
    count = whole(text)
    if count > most:
        raise BadInput(f"at most {grouped(most)} ({ceiling})")
    return SetTarget(count)


def note(text: str) -> AddNote:
    """A line for the timeline."""
    words = _line(text)
    if not words:
        raise BadInput("write a few words")
    return AddNote(words)


def edited_note(number: int, text: str) -> EditNote | RemoveNote:
    """Other words for the note with that number; none take it off."""
    words = _line(text)
    return EditNote(number, words) if words else RemoveNote(number)


def _line(text: str) -> str:
    return " ".join(text.split())[:200]


def moment(text: str) -> SeekTo:
    """A moment of a replay: `02:10`, `1:02:10`, `130s`; a bare number is seconds."""
    written = text.strip()
    return SeekTo(parse_moment(f"{written}s" if written.isdecimal() else written))


def attribute(text: str, spec: AttributeSpec) -> int:
    """An attribute of a toxic; above the slider's end is allowed up to ten times."""
    value = whole(text)
    if not spec.low <= value <= spec.top * 10:
        raise BadInput(f"{grouped(spec.low)} to {grouped(spec.top * 10)} {spec.unit}")
    return value


def share(text: str) -> float:
    """Percent of the connections, as 0..1."""
    value = whole(text.removesuffix("%"))
    if not 1 <= value <= 100:
        raise BadInput("1 to 100 %")
    return value / 100


def time_to_live(text: str) -> float:
    """Seconds until a fault lifts by itself: `5:00`, `90s`, `10m`; a bare number is seconds."""
    written = text.strip()
    if clock := _CLOCK.fullmatch(written):
        seconds = int(clock[1]) * 60.0 + int(clock[2])
    else:
        seconds = parse_duration(f"{written}s" if written.isdecimal() else written)
    if not 1 <= seconds <= _LONGEST:
        raise BadInput("1 s to 24 h")
    return seconds


def proxy_name(text: str, chaos: Chaos) -> str:
    """A new proxy's name."""
    name = text.strip()
    if not name or not name.isprintable() or len(name) > NAME_LENGTH:
        raise BadInput(f"name: 1 to {NAME_LENGTH} printable characters")
    if any(proxy.name == name for proxy in chaos.proxies):
        raise BadInput("name: a proxy of that name exists already")
    return name


def create_proxy(name: str, listen: str, upstream: str, chaos: Chaos) -> CreateProxy:
    """A new proxy; the message names the field that is wrong."""
    found = proxy_name(name, chaos)
    for label, text in (("listen", listen), ("upstream", upstream)):
        try:
            address(text.strip())
        except BadInput as error:
            raise BadInput(f"{label}: {error.what}", hint=error.hint) from None
    return CreateProxy(found, listen.strip(), upstream.strip())
