"""A Toxiproxy as a value, for tests of pure rules: proxies by name, changed by calls."""

from __future__ import annotations

import msgspec

from loadtui.chaos.step import (
    AddToxic,
    Call,
    CreateProxy,
    DeleteProxy,
    RemoveToxic,
    SetEnabled,
    UpdateToxic,
)
from loadtui.model.toxic import SPECS, Attribute, Proxy, Toxic

Proxies = dict[str, Proxy]


def made(server: Proxies, call: Call) -> Proxies:
    """Return the server after a call, as the real one would be; a refused call changes nothing."""
    match call:
        case AddToxic(proxy=name, toxic=toxic) if name in server:
            present = server[name].toxic(toxic.name) is not None
            return server if present else with_toxic(server, name, _complete(toxic))
        case UpdateToxic(proxy=name, toxic=toxic) if name in server:
            known = server[name].toxic(toxic.name)
            return server if known is None else with_toxic(server, name, _merged(known, toxic))
        case RemoveToxic(proxy=name, name=toxic_name) if name in server:
            return without_toxic(server, name, toxic_name)
        case SetEnabled(proxy=name, on=on) if name in server:
            return {**server, name: msgspec.structs.replace(server[name], enabled=on)}
        case CreateProxy(proxy=proxy) if proxy.name not in server:
            return {**server, proxy.name: proxy}
        case DeleteProxy(name=name):
            return {each: proxy for each, proxy in server.items() if each != name}
        case _:
            return server


def with_toxic(server: Proxies, name: str, toxic: Toxic) -> Proxies:
    """Return the server with a toxic added at the end, or replaced in its place."""
    proxy = server[name]
    if proxy.toxic(toxic.name) is None:
        toxics = (*proxy.toxics, toxic)
    else:
        toxics = tuple(toxic if t.name == toxic.name else t for t in proxy.toxics)
    return {**server, name: msgspec.structs.replace(proxy, toxics=toxics)}


def without_toxic(server: Proxies, name: str, toxic: str) -> Proxies:
    """Return the server without one toxic."""
    toxics = tuple(each for each in server[name].toxics if each.name != toxic)
    return {**server, name: msgspec.structs.replace(server[name], toxics=toxics)}


def unordered(server: Proxies) -> dict[str, tuple[Proxy, frozenset[bytes]]]:
    """Return what can be compared: a toxic put back goes to the end of its chain."""
    bare = {name: msgspec.structs.replace(proxy, toxics=()) for name, proxy in server.items()}
    toxics = {
        name: frozenset(msgspec.json.encode(toxic, order="sorted") for toxic in proxy.toxics)
        for name, proxy in server.items()
    }
    return {name: (bare[name], toxics[name]) for name in server}


def _complete(toxic: Toxic) -> Toxic:
    zeros: dict[str, Attribute] = {spec.name: 0 for spec in SPECS[toxic.type].attributes}
    return msgspec.structs.replace(toxic, attributes={**zeros, **toxic.attributes})


def _merged(known: Toxic, change: Toxic) -> Toxic:
    attributes = {**known.attributes, **change.attributes}
    return msgspec.structs.replace(known, toxicity=change.toxicity, attributes=attributes)
