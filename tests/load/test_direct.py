from __future__ import annotations

import asyncio
import socket

import pytest

from loadtui.load.direct import NOT_DIRECT, descriptor_of, send_now


class Transport(asyncio.Transport):
    """Keeps what is left to it."""

    def __init__(self, **extra: object) -> None:
        super().__init__(extra)
        self.left = b""
        self.is_lost = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self.is_lost:
            raise RuntimeError("unable to perform operation on a lost transport")
        self.left += bytes(data)


def test_only_a_plain_socket_is_written_to_directly() -> None:
    with socket.socket() as plain:
        assert descriptor_of(Transport(socket=plain)) == plain.fileno()
        assert descriptor_of(Transport(socket=plain, sslcontext=object())) == NOT_DIRECT
    assert descriptor_of(Transport()) == NOT_DIRECT


def test_what_the_socket_does_not_take_is_left_to_the_transport() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.setblocking(False)
        data = bytes(range(256)) * 16_384
        transport = Transport()
        send_now(data, here.fileno(), transport)
        taken = len(data) - len(transport.left)
        assert 0 < taken < len(data)
        assert there.recv(taken, socket.MSG_WAITALL) + transport.left == data
        send_now(b"more", here.fileno(), transport)
        assert there.recv(4) == b"more"


def test_a_full_socket_takes_nothing() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.setblocking(False)
        send_now(bytes(1 << 22), here.fileno(), Transport())
        transport = Transport()
        send_now(b"more", here.fileno(), transport)
        assert transport.left == b"more"


@pytest.mark.parametrize("is_direct", [True, False])
def test_a_broken_connection_is_an_error_of_the_system(is_direct: bool) -> None:
    here, there = socket.socketpair()
    transport = Transport()
    transport.is_lost = True
    with here:
        there.close()
        with pytest.raises(ConnectionError):
            send_now(b"x", here.fileno() if is_direct else NOT_DIRECT, transport)
