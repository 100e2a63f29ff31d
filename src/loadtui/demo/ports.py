"""Which port each part of the demo gets: the usual one, or the next of its kind that is free."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from loadtui.errors import BadInput, SetupFailed

_TRIES = 100


class Ports(msgspec.Struct, frozen=True):
    """Ports on 127.0.0.1. `…_proxy`: where Toxiproxy listens for a dependency; `payments`,
    `database`, `inventory`: where the dependency itself does.
    """

    orders: int = 3000
    payments_proxy: int = 21001
    database_proxy: int = 21002
    inventory_proxy: int = 21003
    payments: int = 22001
    database: int = 22002
    inventory: int = 22003


USUAL = Ports()


def choose_ports(is_free: Callable[[int], bool], *, orders: int | None = None) -> Ports:
    """The usual ports where `is_free`, else the next ones; `orders` asks for that very port.

    The orders API looks one port further each time; the rest ten, so that the last digit still
    tells what a port belongs to and no two parts can meet. Raises BadInput when `orders` is no port
    or taken, SetupFailed when a hundred tries found nothing.
    """
    if orders is not None and not 1 <= orders <= 65535:
        raise BadInput(f"port {orders} does not exist", hint="choose one from 1 to 65535")
    if orders is not None and not is_free(orders):
        raise BadInput(
            f"port {orders} is taken",
            hint="choose another, or leave it out and a free one is found",
        )
    first = orders or _next_free(USUAL.orders, 1, is_free)
    # An explicit port may be one that another part would take.
    others = {
        name: _next_free(getattr(USUAL, name), 10, lambda port: port != first and is_free(port))
        for name in Ports.__struct_fields__[1:]
    }
    return Ports(orders=first, **others)


def _next_free(usual: int, step: int, is_free: Callable[[int], bool]) -> int:
    ports = range(usual, usual + _TRIES * step, step)
    for port in ports:
        if is_free(port):
            return port
    raise SetupFailed(
        f"no free port among {ports[0]}, {ports[1]}, … {ports[-1]}",
        hint="end what listens there",
    )
