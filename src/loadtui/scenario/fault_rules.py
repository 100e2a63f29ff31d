"""Faults against known proxies and against what is known of each type of toxic (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from loadtui.errors import BadInput
from loadtui.model.suggest import advice, nearest
from loadtui.model.text import Text
from loadtui.model.toxic import SPECS, Attribute, AttributeSpec
from loadtui.scenario.fields import meant
from loadtui.scenario.place import Document, Path, Problem, mapping

DOWN = "down"
_LARGEST = 2**53
_TOXIC_KEYS = ("toxic", "stream", "toxicity", "attributes")


def fault_problems(document: Document) -> Iterator[Problem]:
    """Everything that is wrong with proxies and faults beyond the shape of single values."""
    chaos = mapping(mapping(document.root).get("chaos"))
    proxies, faults = mapping(chaos.get("proxies")), mapping(chaos.get("faults"))
    yield from _proxies(document, proxies)
    for name, fault in faults.items():
        if not isinstance(fault, dict):
            continue
        path: Path = ("chaos", "faults", name)
        yield from _named(document, path, name)
        yield from _proxy(document, path, fault, proxies)
        yield from _kind(document, path, fault)
        yield from _attributes(document, path, fault)


def _proxies(document: Document, proxies: Mapping[str, Any]) -> Iterator[Problem]:
    listens: dict[str, str] = {}
    for name, proxy in proxies.items():
        path: Path = ("chaos", "proxies", name)
        yield from _named(document, path, name)
        listen = mapping(proxy).get("listen")
        if isinstance(listen, str) and listen in listens:
            bad = BadInput(
                f"the proxy {listens[listen]} listens there already", hint="take another port"
            )
            yield document.at_value((*path, "listen"), bad)
        elif isinstance(listen, str):
            listens[listen] = name


def _named(document: Document, path: Path, name: str) -> Iterator[Problem]:
    if not name.strip() or "/" in name:
        what = f"{name!r} cannot be a name: Toxiproxy could never remove it"
        yield document.at_key(path, BadInput(what, hint="use letters, digits, - and _"))
    elif name == DOWN and path[1] == "faults":
        what = "down is what a disabled proxy is called"
        yield document.at_key(path, BadInput(what, hint="choose another name"))


def _proxy(
    document: Document, path: Path, fault: Mapping[str, Any], proxies: Mapping[str, Any]
) -> Iterator[Problem]:
    proxy = fault.get("proxy")
    if proxies and isinstance(proxy, str) and proxy not in proxies:
        bad = BadInput(f"there is no proxy {proxy}", hint=advice(proxy, proxies))
        yield document.at_value((*path, "proxy"), bad)


def _kind(document: Document, path: Path, fault: Mapping[str, Any]) -> Iterator[Problem]:
    kind, is_down = fault.get("toxic"), fault.get("down") is True
    if is_down:
        for key in _TOXIC_KEYS:
            if key in fault:
                bad = BadInput(f"a proxy that is down has no {key}", hint=f"keep down: or {key}:")
                yield document.at_key((*path, key), bad)
    elif kind is None and "toxic" not in fault:
        bad = BadInput("this fault breaks nothing", hint="add toxic: or down: true")
        yield document.at_value(path, bad)
    elif isinstance(kind, str) and kind not in SPECS and (near := _typo_of(kind)):
        bad = BadInput(f"there is no toxic {kind}", hint=f"did you mean {near}?")
        yield document.at_value((*path, "toxic"), bad)


def _typo_of(kind: str) -> str:
    # A server may know toxics of its own, but a word this close to a known type is a typo.
    return nearest(kind, SPECS, likeness=0.8)


def _attributes(document: Document, path: Path, fault: Mapping[str, Any]) -> Iterator[Problem]:
    kind = str(fault.get("toxic"))
    given = {name: meant(value) for name, value in mapping(fault.get("attributes")).items()}
    specs = {spec.name: spec for spec in SPECS[kind].attributes} if kind in SPECS else None
    here: Path = (*path, "attributes")
    for name, value in given.items():
        if bad := _attribute_problem(kind, name, value, specs):
            at = document.at_key if specs is not None and name not in specs else document.at_value
            yield at((*here, name), bad)
    if given and specs is not None:
        for spec in specs.values():
            if spec.low > 0 and spec.name not in given:
                bad = BadInput(f"{kind} needs {spec.name}", hint=f"add {spec.name}: {spec.default}")
                yield document.at_value(here, bad)
    size, variation = given.get("average_size"), given.get("size_variation")
    if isinstance(size, int) and isinstance(variation, int) and variation > size:
        bad = BadInput("size_variation is more than average_size", hint=f"take {size} or less")
        yield document.at_value((*here, "size_variation"), bad)


def _attribute_problem(
    kind: str, name: str, value: object, specs: Mapping[str, AttributeSpec] | None
) -> BadInput | None:
    if specs is None:
        if isinstance(value, dict | list | Text):
            return BadInput(f"{name} is no number, text or true/false", hint="write one")
        return None
    if name not in specs:
        return BadInput(f"{kind} has no attribute {name}", hint=advice(name, specs))
    spec = specs[name]
    if isinstance(value, bool) or not isinstance(value, int):
        return BadInput(f"{name} is no whole number", hint=f"write {spec.unit} without the unit")
    if not spec.low <= value <= _LARGEST:
        which = "small" if value < spec.low else "large"
        return BadInput(f"{name} is too {which}", hint=f"take {spec.low} {spec.unit} or more")
    return None


def attributes(kind: str, written: Mapping[str, Any]) -> dict[str, Attribute]:
    """All attributes of a toxic: those given; none given: the type's usual ones; the rest 0."""
    given: dict[str, Attribute] = {name: meant(value) for name, value in written.items()}
    if kind not in SPECS:
        return given
    if not given:
        return SPECS[kind].defaults
    return {spec.name: given.get(spec.name, spec.low) for spec in SPECS[kind].attributes}
