"""What stands behind the relays: `python -m bench.relay_peer PORT`.

The first eight bytes of a connection say how many follow; once they are here, one byte goes back.
None following: every message after it is sent back. Bytes that follow are thrown away by the
kernel, without a copy: the upstream must not be what is slow.
"""

from __future__ import annotations

import selectors
import socket
import sys

HEAD = 8
_MOST = 1024 * 1024
_NOWHERE = bytearray(_MOST)
_ECHO = -1


def _serve(port: int) -> None:
    left: dict[socket.socket, int] = {}
    with selectors.EpollSelector() as selector, socket.create_server(("127.0.0.1", port)) as server:
        server.listen(4096)
        selector.register(server, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is server:
                    client, _address = server.accept()
                    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    left[client] = 0
                    selector.register(client, selectors.EVENT_READ, client)
                elif not _read(key.data, left):
                    selector.unregister(key.data)
                    del left[key.data]
                    key.data.close()


def _read(client: socket.socket, left: dict[socket.socket, int]) -> bool:
    try:
        if left[client] > 0:
            size = client.recv_into(_NOWHERE, min(left[client], _MOST), socket.MSG_TRUNC)
            left[client] -= size
            if size and not left[client]:
                client.sendall(b"k")
            return size > 0
        data = client.recv(4096 if left[client] == _ECHO else HEAD)
        if left[client] == _ECHO:
            client.sendall(data)
        elif data:
            left[client] = int.from_bytes(data, "big") or _ECHO
            if left[client] == _ECHO:
                client.sendall(b"k")
    except OSError:
        return False
    return bool(data)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
