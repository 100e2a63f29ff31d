"""A fault as it stands in the dialog: texts as typed, and what they would do once injected."""

from __future__ import annotations

import msgspec

from loadtui.errors import BadInput
from loadtui.model.command import Adjust, Inject
from loadtui.model.fault_lines import Action, cli_line
from loadtui.model.fault_words import effect
from loadtui.model.snapshot import Chaos, ProxyStatus, Slot
from loadtui.model.toxic import SPECS, Attribute, AttributeSpec, Toxic
from loadtui.tui import fields

DOWN = "down"
TYPES: tuple[str, ...] = (*SPECS, DOWN)
SERVER = "http://127.0.0.1:8474"
"""Named in shell lines while no server is known."""
SHARE = AttributeSpec("share", "%", 100, 100, low=1)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """`fault`: the slot that is edited, "" for a new one. `attributes`, `share`, `ttl` as typed."""

    proxy: str
    type: str
    fault: str = ""
    stream: str = "downstream"
    attributes: dict[str, str] = {}
    share: str = "100"
    ttl: str = ""
    base: dict[str, Attribute] = {}
    """Attributes of the edited toxic; those that have no field stay as they are."""


def specs(kind: str, attributes: dict[str, Attribute]) -> tuple[AttributeSpec, ...]:
    """The numbers of a toxic type; of an unknown type whatever numbers it has."""
    if kind in SPECS:
        return SPECS[kind].attributes
    found = {n: v for n, v in attributes.items() if isinstance(v, int) and not isinstance(v, bool)}
    return tuple(AttributeSpec(n, "", v, max(1, v * 2)) for n, v in found.items())


def edited(proxy: ProxyStatus, slot: Slot) -> Draft:
    """The draft that a slot stands for."""
    toxic = slot.toxic
    if toxic is None:
        return Draft(proxy=proxy.name, type=DOWN, fault=DOWN)
    texts = {spec.name: _text(toxic, spec) for spec in specs(toxic.type, toxic.attributes)}
    return Draft(
        proxy=proxy.name,
        type=toxic.type,
        fault=slot.fault,
        stream=toxic.stream,
        attributes=texts,
        share=f"{max(1, round(toxic.toxicity * 100))}",
        base=toxic.attributes,
    )


def _text(toxic: Toxic, spec: AttributeSpec) -> str:
    value = toxic.attributes.get(spec.name, spec.default)
    return f"{value:.0f}" if isinstance(value, int | float) else str(spec.default)


def toxic_of(draft: Draft, chaos: Chaos) -> Toxic | None:
    """The toxic that the draft means, None for a proxy that goes down.

    Raises:
        BadInput: for the first text that cannot be read.
    """
    if draft.type == DOWN:
        return None
    read: dict[str, Attribute] = dict(draft.base)
    for spec in specs(draft.type, draft.base):
        try:
            read[spec.name] = fields.attribute(draft.attributes.get(spec.name, ""), spec)
        except BadInput as error:
            raise BadInput(f"{spec.name}: {error}") from None
    name = draft.fault or _free_name(draft, chaos)
    return Toxic(name, draft.type, draft.stream, fields.share(draft.share), read)


def _free_name(draft: Draft, chaos: Chaos) -> str:
    """The type, or the type with a number where a toxic of that name is there already."""
    taken = {s.fault for p in chaos.proxies if p.name == draft.proxy for s in p.slots if s.on}
    numbered = (f"{draft.type}_{count}" for count in range(2, 1000))
    return next(n for n in (draft.type, *numbered) if n not in taken)


def command(draft: Draft, chaos: Chaos) -> Inject | Adjust:
    """What enter sends.

    Raises:
        BadInput: for the first text that cannot be read.
    """
    toxic = toxic_of(draft, chaos)
    ttl = fields.time_to_live(draft.ttl) if draft.ttl.strip() else None
    if toxic is None:
        return Inject(draft.proxy, Toxic(DOWN, DOWN), ttl)
    if draft.fault:
        return Adjust(draft.proxy, draft.fault, toxic.toxicity, toxic.attributes, ttl)
    return Inject(draft.proxy, toxic, ttl)


def sentences(draft: Draft, chaos: Chaos) -> tuple[str, str]:
    """In plain words what will happen, and the same as a toxiproxy-cli line.

    Raises:
        BadInput: for the first text that cannot be read.
    """
    toxic = toxic_of(draft, chaos)
    proxy = next((p for p in chaos.proxies if p.name == draft.proxy), None)
    words = effect(draft.proxy, toxic, proxy.connections if proxy is not None else None)
    action: Action = "update" if draft.fault and toxic is not None else "add"
    return words, cli_line(action, draft.proxy, toxic, chaos.url or SERVER)
