"""Changes as the shell lines that make them by hand, with toxiproxy-cli and with curl.

Quoted for a POSIX shell. Lines of toxiproxy-cli always name the server, and the toxicity, which its
`toxic update` otherwise resets to 1. It can only `toggle` a proxy, so that line carries its
condition; curl's needs none. curl posts what it changes: every version of Toxiproxy takes that.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote

from msgspec.structs import replace

from loadtui.model.ledger import Change, Entry
from loadtui.model.toxic import Proxy, Toxic

Action = Literal["add", "update", "remove"]
_Words = tuple[str, ...]


def cli_line(action: Action, proxy: str, toxic: Toxic | None, server: str) -> str:
    """The line of toxiproxy-cli for one act on a toxic of `proxy` at the base URL `server`.

    `toxic` None is the proxy itself: add takes it down, remove brings it back.
    """
    return cli(_change(action, proxy, toxic), server)


def undo_lines(entry: Entry) -> tuple[str, str]:
    """A line of toxiproxy-cli and one of curl: either lifts the entry by hand."""
    made = entry.change
    back = replace(made, before=made.after, after=made.before)
    return cli(back, entry.server), curl(back, entry.server)


def cli(change: Change, server: str) -> str:
    """The line of toxiproxy-cli that makes a change."""
    start = ("toxiproxy-cli", "--host", server)
    line = " && ".join(shlex.join(start + _cli(call)) for call in _calls(change))
    if change.part != "enabled":
        return line
    return f"{line}  # only while list shows it {'disabled' if change.after else 'enabled'}"


def curl(change: Change, server: str) -> str:
    """The line of curl that makes a change."""
    start = ("curl", "-fsS")
    return " && ".join(
        shlex.join((*start, *words, f"{server}/proxies{path}"))
        for path, words in map(_curl, _calls(change))
    )


def _change(action: Action, proxy: str, toxic: Toxic | None) -> Change:
    if toxic is None:
        up = action == "remove"
        return Change(proxy, "enabled", "", before=not up, after=up)
    before = None if action == "add" else toxic
    after = None if action == "remove" else toxic
    return Change(proxy, "toxic", toxic.name, before, after)


def _calls(change: Change) -> Iterator[Change]:
    """Split a change into those that one call makes."""
    match change.before, change.after:
        case _, Proxy(enabled=enabled, toxics=toxics) as made:
            yield replace(change, after=replace(made, enabled=True, toxics=()))
            for toxic in toxics:
                yield Change(change.proxy, "toxic", toxic.name, None, toxic)
            if not enabled:  # toxiproxy-cli cannot create it so
                yield Change(change.proxy, "enabled", "", before=True, after=False)
        case Toxic() as before, Toxic() as after if not _is_update(before, after):
            yield replace(change, after=None)
            yield replace(change, before=None)
        case _:
            yield change


def _is_update(before: Toxic, after: Toxic) -> bool:
    """Whether one call does: type and stream of a toxic cannot change."""
    return (before.type, before.stream) == (after.type, after.stream)


def _cli(call: Change) -> _Words:
    proxy = ("--", call.proxy) if call.proxy.startswith("-") else (call.proxy,)
    match call.before, call.after:
        case _, bool():
            return "toggle", *proxy
        case _, Proxy(listen=listen, upstream=upstream):
            return "create", "-l", listen, "-u", upstream, *proxy
        case Proxy(), _:
            return "delete", *proxy
        case Toxic(), Toxic() as toxic:
            return "toxic", "update", "-n", toxic.name, *_strength(toxic), *proxy
        case _, Toxic() as toxic:
            stream = "--upstream" if toxic.stream.lower() == "upstream" else "--downstream"
            kind = ("-t", toxic.type, "-n", toxic.name, stream)
            return "toxic", "add", *kind, *_strength(toxic), *proxy
        case _:
            return "toxic", "remove", "-n", call.toxic, *proxy


def _strength(toxic: Toxic) -> _Words:
    attributes = (("-a", f"{name}={value}") for name, value in toxic.attributes.items())
    return "--toxicity", f"{toxic.toxicity:.7g}", *(word for pair in attributes for word in pair)


def _curl(call: Change) -> tuple[str, _Words]:
    """The path below /proxies and the options that come before it."""
    proxy = f"/{quote(call.proxy, safe='')}"
    toxic = f"{proxy}/toxics/{quote(call.toxic, safe='')}"
    match call.before, call.after:
        case _, bool() as enabled:
            return proxy, _posted(enabled=enabled)
        case _, Proxy(listen=listen, upstream=upstream):
            return "", _posted(name=call.proxy, listen=listen, upstream=upstream)
        case Proxy(), _:
            return proxy, ("-X", "DELETE")
        case Toxic(), Toxic(toxicity=toxicity, attributes=attributes):
            return toxic, _posted(toxicity=toxicity, attributes=attributes)
        case _, Toxic(type=kind, stream=stream) as made:
            fields = {"name": made.name, "type": kind, "stream": stream}
            strength = {"toxicity": made.toxicity, "attributes": made.attributes}
            return f"{proxy}/toxics", _posted(**fields, **strength)
        case _:
            return toxic, ("-X", "DELETE")


def _posted(**fields: object) -> _Words:
    return "-d", json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
