"""Which calls make a change, and which undo it (pure).

Undoing reads first. Of what it finds there, only what we put there is taken back: every value that
was found in none of the states we asked for or saw is somebody else's, stays, and is named. So an
update of which half was applied, a call that never landed and one that landed late all end alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import msgspec

from loadtui.chaos import reply
from loadtui.model.ledger import Change, Entry, State
from loadtui.model.toxic import Attribute, Proxy, Toxic


class AddToxic(msgspec.Struct, frozen=True):
    """Put a toxic at the end of its chain."""

    proxy: str
    toxic: Toxic


class UpdateToxic(msgspec.Struct, frozen=True):
    """Set toxicity and the attributes given."""

    proxy: str
    toxic: Toxic


class RemoveToxic(msgspec.Struct, frozen=True):
    """Take a toxic away."""

    proxy: str
    name: str


class SetEnabled(msgspec.Struct, frozen=True):
    """Enable or disable a proxy."""

    proxy: str
    on: bool


class CreateProxy(msgspec.Struct, frozen=True):
    """Create a proxy with its toxics."""

    proxy: Proxy


class DeleteProxy(msgspec.Struct, frozen=True):
    """Delete a proxy and its toxics."""

    name: str


Call = AddToxic | UpdateToxic | RemoveToxic | SetEnabled | CreateProxy | DeleteProxy


class Step(msgspec.Struct, frozen=True):
    """What undoing an entry takes now; without calls it is undone as far as it is ours.

    `left` names what is somebody else's and stays ("" = nothing). `gone`: its proxy is gone.
    """

    calls: tuple[Call, ...] = ()
    left: str = ""
    gone: bool = False


def part_of(change: Change, proxy: Proxy | None) -> State:
    """What a server has at the part that `change` is about; None where there is nothing."""
    if proxy is None or change.part == "proxy":
        return proxy
    return proxy.enabled if change.part == "enabled" else proxy.toxic(change.toxic)


def same(one: State, other: State) -> bool:
    """Whether a server that reads `other` has what `one` asks for; it may have more."""
    match one, other:
        case Toxic(), Toxic():
            return reply.same_toxic(one, other)
        case Proxy(), Proxy():
            return not reply.proxy_difference(one, other)
        case _:
            return one == other


def rebased(change: Change, known: Entry | None, current: Proxy | None) -> Change:
    """The change with the state to go back to: what would be there now without us.

    `known` is the open entry of that part. What somebody else changed in the meantime is theirs
    from now on, so undoing keeps it.
    """
    found = part_of(change, current)
    if known is None:
        before = found
    elif current is None or change.part == "enabled":
        before = known.change.before
    elif change.part == "toxic":
        before = _without_us(found, backward(known, current))
    else:
        before = None if _is_ours(known, current) else current
    return msgspec.structs.replace(change, before=before)


def _without_us(found: State, step: Step) -> State:
    """What a toxic will be once the calls of a step are made."""
    for call in step.calls:
        match call:
            case UpdateToxic(toxic=toxic) if isinstance(found, Toxic):
                attributes = {**found.attributes, **toxic.attributes}
                found = msgspec.structs.replace(toxic, attributes=attributes)
            case AddToxic(toxic=toxic):
                found = toxic
            case _:
                found = None
    return found


def forward(change: Change, current: Proxy | None) -> tuple[Call, ...]:
    """The calls that lead from the proxy as just read to what a change wants."""
    found, after = part_of(change, current), change.after
    match after:
        case bool():
            return () if found == after else (SetEnabled(change.proxy, after),)
        case Proxy():
            return () if found is not None else (CreateProxy(after),)
        case None if change.part == "proxy":
            return () if found is None else (DeleteProxy(change.proxy),)
        case _:
            return _toxic_calls(change, found, after)


def backward(entry: Entry, current: Proxy | None) -> Step:
    """What undoing an entry takes, given its proxy as just read (None: there is none)."""
    change, found = entry.change, part_of(entry.change, current)
    if same(change.before, found):
        return Step(gone=current is None and change.part != "proxy")
    match change.part:
        case "enabled":
            return _enabled_back(change, current)
        case "toxic":
            return _toxic_back(entry, current, found)
        case "proxy":
            return _proxy_back(entry, current)


def _toxic_calls(change: Change, found: State, wanted: State) -> tuple[Call, ...]:
    match found, wanted:
        case Toxic(), Toxic() if _same_kind(found, wanted):
            return () if same(wanted, found) else (UpdateToxic(change.proxy, wanted),)
        case Toxic(), Toxic():
            return RemoveToxic(change.proxy, found.name), AddToxic(change.proxy, wanted)
        case Toxic(), _:
            return (RemoveToxic(change.proxy, found.name),)
        case _, Toxic():
            return (AddToxic(change.proxy, wanted),)
        case _:
            return ()


def _enabled_back(change: Change, current: Proxy | None) -> Step:
    if current is None:
        return Step(gone=True)
    return Step((SetEnabled(change.proxy, bool(change.before)),))


def _toxic_back(entry: Entry, current: Proxy | None, found: State) -> Step:
    change = entry.change
    if current is None:
        return Step(gone=True)
    if not isinstance(found, Toxic):
        if _could_be_absent(entry):
            return Step(_toxic_calls(change, None, change.before))
        return Step(left=f"somebody else removed {change.toxic} from {change.proxy}")
    kin = [s for s in _ours(entry) if isinstance(s, Toxic) and _same_kind(s, found)]
    before = change.before
    if isinstance(before, Toxic) and _same_kind(before, found):
        return _values_back(change.proxy, before, found, kin)
    if not kin:
        return Step(left=f"somebody else put another {change.toxic} on {change.proxy}")
    if foreign := _foreign(found, kin):
        return Step(left=_named(change, foreign))
    return Step(_toxic_calls(change, found, before))


def _values_back(proxy: str, before: Toxic, found: Toxic, kin: list[Toxic]) -> Step:
    """Take back the values that are ours, leave the others, and send only what changes."""
    foreign = _foreign(found, [*kin, before])
    attributes = {
        name: value
        for name, value in before.attributes.items()
        if name not in foreign and not _alike(value, found.attributes.get(name))
    }
    toxicity = found.toxicity if "toxicity" in foreign else before.toxicity
    wanted = msgspec.structs.replace(found, toxicity=toxicity, attributes=attributes)
    if attributes or not _alike(toxicity, found.toxicity):
        return Step((UpdateToxic(proxy, wanted),))
    if not foreign:
        return Step()
    return Step(left=f"somebody else set {_listed(foreign)} of {found.name} on {proxy}")


def _proxy_back(entry: Entry, current: Proxy | None) -> Step:
    change, before = entry.change, entry.change.before
    if current is None:
        if isinstance(before, Proxy) and _could_be_absent(entry):
            return Step((CreateProxy(before),))
        return Step(left=f"somebody else deleted {change.proxy}")
    if isinstance(before, Proxy):
        return _completed(before, current)
    if not _is_ours(entry, current):
        return Step(left=f"somebody else put another {change.proxy} there")
    if foreign := [t.name for t in current.toxics if not _came_with(entry, t)]:
        said = f"{_listed(foreign)} on {change.proxy} was not lifted or is somebody else's"
        return Step(left=f"{said}, so the proxy stays")
    return Step((DeleteProxy(change.proxy),))


def _completed(before: Proxy, current: Proxy) -> Step:
    """A proxy that was deleted is there again: with all its toxics, unless it is another one."""
    if not _same_address(before, current):
        return Step(left=f"somebody else put another {before.name} there")
    missing = (toxic for toxic in before.toxics if current.toxic(toxic.name) is None)
    return Step(tuple(AddToxic(before.name, toxic) for toxic in missing))


def _ours(entry: Entry) -> Iterator[State]:
    """Every state that a call of ours may have left there."""
    yield from entry.asked
    if entry.seen is not msgspec.UNSET:
        yield entry.seen
    if not entry.confirmed:
        yield entry.change.after


def _is_ours(entry: Entry, current: Proxy) -> bool:
    """Whether a proxy is the one that we created."""
    return any(isinstance(s, Proxy) and _same_address(s, current) for s in _ours(entry))


def _could_be_absent(entry: Entry) -> bool:
    """Whether finding nothing may be our doing: removed on purpose, or removed to be replaced."""
    states = [entry.change.before, *_ours(entry)]
    if None in states[1:]:
        return True
    kinds = {(s.type, s.stream.lower()) for s in states if isinstance(s, Toxic)}
    return not entry.confirmed and len(kinds) > 1


def _came_with(entry: Entry, toxic: Toxic) -> bool:
    proxies = (state for state in _ours(entry) if isinstance(state, Proxy))
    own = (proxy.toxic(toxic.name) for proxy in proxies)
    return any(each is not None and reply.same_toxic(each, toxic) for each in own)


def _same_kind(one: Toxic, other: Toxic) -> bool:
    return one.type == other.type and one.stream.lower() == other.stream.lower()


def _same_address(one: Proxy, other: Proxy) -> bool:
    bare = msgspec.structs.replace(one, enabled=other.enabled, toxics=())
    return not reply.proxy_difference(bare, other)


def _foreign(found: Toxic, kin: list[Toxic]) -> list[str]:
    """Names of the values of a toxic that none of its kin has."""
    names = [
        name
        for name, value in found.attributes.items()
        # A toxic that we asked for without naming an attribute got the server's own value for it.
        if not any(name not in k.attributes or _alike(k.attributes[name], value) for k in kin)
    ]
    if not any(_alike(each.toxicity, found.toxicity) for each in kin):
        names.append("toxicity")
    return names


def _named(change: Change, foreign: Iterable[str]) -> str:
    return f"somebody else set {_listed(foreign)} of {change.toxic} on {change.proxy}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _alike(one: Attribute, other: Attribute) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-6)  # toxicity is a 32-bit float
    return one == other
