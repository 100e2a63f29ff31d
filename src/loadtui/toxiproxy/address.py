"""Addresses `host:port` as the original server reads them, with its words for what is wrong."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import NamedTuple

HIGHEST = 65535
_NUMBER = re.compile("[+-]?[0-9]*")


class Address(NamedTuple):
    """A host (empty: every address of this machine) and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class BadAddress(ValueError):
    """The message is the original server's, without what it was about to do."""


def split(text: str) -> tuple[str, str]:
    """Split host and port; `[…]` holds an IPv6 host. Raises BadAddress."""
    colon = text.rfind(":")
    if colon < 0:
        raise BadAddress(f"address {text}: missing port in address")
    host, rest = text[:colon], text
    if text.startswith("["):
        closing = text.find("]")
        if closing < 0:
            raise BadAddress(f"address {text}: missing ']' in address")
        if closing + 1 != colon:
            many = text[closing + 1 : closing + 2] == ":"
            what = "too many colons" if many else "missing port"
            raise BadAddress(f"address {text}: {what} in address")
        host, rest = text[1:closing], text[1:closing] + text[closing + 1 :]
    elif ":" in host:
        raise BadAddress(f"address {text}: too many colons in address")
    for bracket in "[]":
        if bracket in rest:
            raise BadAddress(f"address {text}: unexpected '{bracket}' in address")
    return host, text[colon + 1 :]


def read_port(text: str) -> int:
    """A number, or the name of a service. Raises BadAddress."""
    if _NUMBER.fullmatch(text):
        number = int(text.lstrip("+-0")[:6] or "0")  # six digits are too many already
        if number > HIGHEST or (number and text.startswith("-")):
            raise BadAddress(f"address {text}: invalid port")
        return number
    try:
        return socket.getservbyname(text, "tcp")
    except (OSError, ValueError):  # ValueError: a NUL in it
        raise BadAddress(f"lookup tcp/{text}: unknown port") from None


def parse(text: str) -> Address:
    """Read `host:port`; nothing at all is every address and any port. Raises BadAddress."""
    if not text:
        return Address("", 0)
    host, port = split(text)
    return Address(host, read_port(port))


def literal(host: str) -> bool:
    """Whether the host is an address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_wildcard(host: str) -> bool:
    """Whether the host stands for every address of this machine."""
    return not host or (literal(host) and ipaddress.ip_address(host).is_unspecified)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    return literal(host) and ipaddress.ip_address(host).is_loopback
