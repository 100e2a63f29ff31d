"""Names of hosts into addresses, without holding up the loop."""

from __future__ import annotations

import asyncio
import socket

from loadtui.toxiproxy.address import Address, BadAddress, literal, parse


async def addresses(host: str, port: int) -> list[Address]:
    """Every address of a host, IPv4 first. Raises BadAddress where there is none."""
    if literal(host):
        return [Address(host, port)]
    loop = asyncio.get_running_loop()
    try:
        if _short(host):
            raise OSError
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):  # ValueError: no text that a name could be
        raise BadAddress(f"lookup {host}: no such host") from None
    inet = [Address(str(each[4][0]), port) for each in found if each[0] == socket.AF_INET]
    inet6 = [Address(str(each[4][0]), port) for each in found if each[0] == socket.AF_INET6]
    return list(dict.fromkeys((*inet, *inet6)))


def _short(host: str) -> bool:
    """Whether the system would take the host for an address although it is none: `0`, `127.1`."""
    try:
        socket.inet_aton(host)
    except OSError:
        return False
    return True


async def resolve(text: str) -> Address:
    """Read `host:port` and take the first address of the host. Raises BadAddress."""
    address = parse(text)
    if not address.host:
        return address
    return (await addresses(address.host, address.port))[0]
