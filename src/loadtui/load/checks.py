"""Checks on one answer, made ready once and asked for every answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from loadtui.load.exchange import Exchange
from loadtui.load.json_path import compile_path
from loadtui.model.request import Check, Range

Holds = Callable[[Exchange], bool]
"""Whether an exchange passes. Without an answer none does."""


def compile_check(check: Check) -> Holds:
    """How to tell whether all that a check demands holds; ValueError for what is no JMESPath."""
    demands = tuple(_demands(check)) or (_is_answered,)
    if len(demands) == 1:
        return demands[0]
    return lambda exchange: all(holds(exchange) for holds in demands)


def statuses_of(ranges: Iterable[Range]) -> frozenset[int]:
    """Every status within ranges that include both ends."""
    return frozenset(status for low, high in ranges for status in range(low, high + 1))


def _demands(check: Check) -> Iterable[Holds]:
    if check.statuses:
        yield _status(statuses_of(check.statuses))
    if check.duration is not None:
        yield _duration(int(check.duration * 1e6))
    if check.header:
        yield _header(check.header, check.header_is)
    if check.body:
        yield _body(check.body.encode())
    if check.json_path:
        yield _json(check.json_path, check.json_is)


def _is_answered(exchange: Exchange) -> bool:
    return not exchange.error


# A status and a body exist only with a whole answer; the demands on anything else ask for one.
def _status(statuses: frozenset[int]) -> Holds:
    return lambda exchange: exchange.status in statuses


def _duration(us: int) -> Holds:
    return lambda exchange: not exchange.error and exchange.duration_us <= us


def _header(name: str, wanted: str | None) -> Holds:
    def holds(exchange: Exchange) -> bool:
        found = None if exchange.error else exchange.header(name)
        return found is not None and wanted in {None, found}

    return holds


def _body(part: bytes) -> Holds:
    return lambda exchange: part in exchange.body


def _json(path: str, wanted: object) -> Holds:
    look = compile_path(path)

    def holds(exchange: Exchange) -> bool:
        try:
            found = look(exchange.json())
        except ValueError:
            return False
        return found is not None if wanted is None else _same(found, wanted)

    return holds


def _same(found: object, wanted: object) -> bool:
    # JSON's true is not its 1, though Python's is.
    return isinstance(found, bool) == isinstance(wanted, bool) and found == wanted
