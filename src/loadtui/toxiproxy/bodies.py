"""Bodies of the control API into proxies and toxics: the checks, their order and their words.

Pure. A body that cannot be taken is a Refused, whose text and status are the original server's
where it refuses too.
"""

from __future__ import annotations

import msgspec

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.encode import to_float32
from loadtui.toxiproxy.fields import (
    FLOAT32,
    TEXT,
    TRUTH,
    Field,
    Value,
    fill,
    kind_of,
    member,
    mismatch,
    nested,
    whole,
)
from loadtui.toxiproxy.kinds import KINDS, numbers, refuse
from loadtui.toxiproxy.scanner import BadJson, Json, Object, parse
from loadtui.toxiproxy.traffic import DIRECTIONS
from loadtui.toxiproxy.wanted import Wanted

_PROXY = {"name": TEXT, "listen": TEXT, "upstream": TEXT, "enabled": TRUTH}
_TOXIC = {"name": TEXT, "type": TEXT, "stream": TEXT, "toxicity": FLOAT32}
_PLACE = "Go struct field "
_MANY = 'struct { toxiproxy.Proxy; Enabled *bool "json:\\"enabled\\"" }'
_CHANGE = (
    'struct { Attributes interface {} "json:\\"attributes\\""; '
    'Toxicity float32 "json:\\"toxicity\\"" }'
)


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.text, self.status = text, status


def bad(text: str) -> Refused:
    """A body that cannot be read."""
    return Refused(f"bad request body: {text}", 400)


def missing(field: str, place: str = "") -> Refused:
    """A body without what it needs."""
    return Refused(f"missing required field: {field}{place}", 400)


def decode(body: bytes) -> Json:
    """What a body says. Raises Refused. Takes some 0.5 s a megabyte."""
    try:
        return parse(body)
    except BadJson as error:
        raise bad(str(error)) from None


# -- proxies ---------------------------------------------------------------------------------------
def read_proxy(sent: Json) -> Wanted:
    """A proxy to be made. Raises Refused."""
    wanted = _proxy(_object(sent, "toxiproxy.Proxy"), Wanted(), f"{_PLACE}Proxy.")
    _complete(wanted, "")
    return wanted


def read_change(sent: Json, before: Wanted) -> Wanted:
    """A proxy to be changed. Raises Refused."""
    found = _object(sent, "toxiproxy.Proxy")
    after = _proxy(found, before, f"{_PLACE}Proxy.")
    return msgspec.structs.replace(after, name=before.name)


def read_population(sent: Json) -> list[Wanted]:
    """Proxies to be there, all of them complete. Raises Refused."""
    if sent is None:
        return []
    if not isinstance(sent, list):
        raise bad(mismatch(kind_of(sent), "Go value", f"[]{_MANY}"))
    wanted = [_populated(_object(each, _MANY)) for each in sent]
    for number, each in enumerate(wanted, start=1):
        _complete(each, f" at proxy {number}")
    return wanted


def _populated(found: Json) -> Wanted:
    error = ""
    filled: dict[str, object] = {}
    if isinstance(found, Object):
        for name, field, value in member(found, _PROXY):
            owner = "." if name == "enabled" else ".Proxy."
            more, wrong = fill(Object(((name, value),)), {name: field}, f"{_PLACE}{owner}")
            filled.update(more)
            error = error or wrong
    if error:
        raise bad(error)
    return msgspec.convert(filled, Wanted)


def _proxy(found: Json, before: Wanted, place: str) -> Wanted:
    filled, error = fill(found, _PROXY, place)
    if error:
        raise bad(error)
    return msgspec.convert({**msgspec.structs.asdict(before), **filled}, Wanted)


def _complete(wanted: Wanted, place: str) -> None:
    if not wanted.name:
        raise missing("name", place)
    if not wanted.upstream:
        raise missing("upstream", place)


# -- toxics ----------------------------------------------------------------------------------------
def read_toxic(sent: Json, taken: frozenset[str], *, strict: bool) -> Toxic:
    """A toxic to be added, unless its name is among those `taken`. Raises Refused."""
    found = _object(sent, "toxics.ToxicWrapper")
    anything = Field(nested({}, "", {}), "toxics.NoopToxic")
    filled, error = fill(found, {**_TOXIC, "attributes": anything}, f"{_PLACE}ToxicWrapper.")
    if error:
        raise bad(error)
    made = _named(filled)
    if made.name in taken:
        raise Refused("toxic already exists", 409)
    return _changed(made, found, {}, strict)


def read_toxic_change(sent: Json, before: Toxic, *, strict: bool) -> Toxic:
    """A toxic with what the body gives; its name, type and stream stay. Raises Refused."""
    found = _object(sent, _CHANGE)
    return _changed(before, found, {"toxicity": FLOAT32}, strict)


def _changed(before: Toxic, found: Json, others: dict[str, Field], strict: bool) -> Toxic:  # noqa: FBT001 - a setting handed on
    kind = KINDS[before.type]
    given: dict[str, Value] = {}
    fields = {name: Field(whole, kind.number) for name in kind.attributes}
    attributes = nested(fields, f"{_PLACE}{kind.struct}.attributes.", given)
    wanted = {**others, "attributes": Field(attributes, f"toxics.{kind.struct}")}
    filled, error = fill(found, wanted, f"{_PLACE}.")
    if error:
        raise bad(error)
    after = msgspec.structs.replace(
        before,
        toxicity=to_float32(float(filled.get("toxicity", before.toxicity))),
        attributes={**numbers(before), **given},
    )
    if why := refuse(after, harmless=strict):
        raise Refused(f"invalid toxic: {why}", 400)
    return after


def _named(filled: dict[str, str | bool | int | float]) -> Toxic:
    stream, type_ = str(filled.get("stream", "downstream")), str(filled.get("type", ""))
    if stream.lower() not in DIRECTIONS:
        raise Refused("stream was invalid, can be either upstream or downstream", 400)
    if type_ not in KINDS:
        raise Refused("invalid toxic type", 400)
    name = str(filled.get("name", "")) or f"{type_}_{stream}"
    return Toxic(name, type_, stream, to_float32(float(filled.get("toxicity", 1.0))))


# -- both ------------------------------------------------------------------------------------------
def _object(found: Json, struct: str) -> Json:
    if not isinstance(found, Object | None):
        raise bad(mismatch(kind_of(found), "Go value", struct))
    return found
