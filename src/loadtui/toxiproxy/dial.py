"""Connecting to an upstream: a socket, or the reason why there is none."""

from __future__ import annotations

import asyncio
import socket

from loadtui.toxiproxy.address import Address, BadAddress, parse
from loadtui.toxiproxy.names import addresses

PATIENCE = 30.0
"""Seconds until an upstream that neither accepts nor refuses is given up."""


async def dial(upstream: str) -> socket.socket:
    """Connect to `host:port`, trying every address of the host. Raises OSError or BadAddress."""
    wanted = parse(upstream)
    if not upstream:
        raise BadAddress("missing address")
    failure: OSError = OSError("no address")
    async with asyncio.timeout(PATIENCE):
        for address in await addresses(wanted.host or "127.0.0.1", wanted.port):
            try:
                return await _connect(address)
            except OSError as error:
                failure = error
    raise failure


async def _connect(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    connected = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        await asyncio.get_running_loop().sock_connect(connected, tuple(address))
    except BaseException:
        connected.close()
        raise
    return connected
