"""Bytes written to a socket at once, past the loop's transport.

uvloop's transport keeps what it is given until the loop has nothing else to do: a request would
leave later than it says, and cost 1.5 µs more.
"""

from __future__ import annotations

import asyncio
import os

NOT_DIRECT = -1
"""No descriptor: everything goes through the transport."""


def descriptor_of(transport: asyncio.BaseTransport) -> int:
    """What may be written to directly, or `NOT_DIRECT`: TLS has to encrypt first."""
    socket = transport.get_extra_info("socket")
    is_plain = os.name == "posix" and transport.get_extra_info("sslcontext") is None
    return int(socket.fileno()) if is_plain and socket is not None else NOT_DIRECT


def send_now(data: bytes, descriptor: int, transport: asyncio.Transport) -> None:
    """Write what the socket takes, and leave the rest to the transport, in which nothing waits.

    Raises OSError for a connection that is broken.
    """
    sent = 0
    if descriptor != NOT_DIRECT:
        try:
            sent = os.write(descriptor, data)
        except BlockingIOError:
            sent = 0
    if sent < len(data):
        try:
            transport.write(data[sent:])
        except RuntimeError:  # uvloop's word for a connection of whose loss it has yet to tell
            raise ConnectionResetError("the connection was lost") from None
