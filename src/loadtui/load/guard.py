"""Which addresses may be loaded (pure): loopback always, others only when they are allowed."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address


# Asked for every new connection, about the same few addresses.
@lru_cache(maxsize=1024)
def is_allowed(host: str, address: str, allow: tuple[str, ...]) -> bool:
    """Whether a connection to `address`, found under the name `host`, may be opened.

    What counts is where the packets go: a name that sounds like loopback but resolves elsewhere is
    refused, and 0.0.0.0 is no loopback address. `allow` holds host names (whatever they resolve
    to), addresses, or networks such as 10.0.0.0/8.
    """
    goal = _parsed(address)
    if goal is None:
        return False
    return goal.is_loopback or any(_covers(entry, host, goal) for entry in allow)


def is_named(host: str, allow: tuple[str, ...]) -> bool:
    """Whether a host is allowed by its name."""
    return any(_same_name(entry, host) for entry in allow)


def _covers(entry: str, host: str, goal: Address) -> bool:
    try:
        return goal in ip_network(entry.strip("[]").partition("%")[0], strict=False)
    except ValueError:
        return _same_name(entry, host)


def _same_name(entry: str, host: str) -> bool:
    return _plain(entry) == _plain(host) != ""


def _plain(name: str) -> str:
    return name.lower().removesuffix(".")


def _parsed(address: str) -> Address | None:
    # A zone id names an interface of ours, not another address.
    try:
        goal = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = goal.ipv4_mapped if isinstance(goal, IPv6Address) else None
    return mapped or goal
