"""One proxy: where it listens, its toxics, and its connections."""

from __future__ import annotations

import logging
import random
import socket
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from loadtui.model.toxic import Proxy as ProxyValue
from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.address import Address, is_loopback
from loadtui.toxiproxy.connection import Connection
from loadtui.toxiproxy.dial import Dial
from loadtui.toxiproxy.listener import Listener
from loadtui.toxiproxy.log import say
from loadtui.toxiproxy.settings import Settings
from loadtui.toxiproxy.traffic import DIRECTIONS, Labels, Traffic

TrafficOf = Callable[[Labels], Traffic]


class Surroundings(NamedTuple):
    """What a proxy gets from its server: the settings, the seed in use, where its bytes count."""

    settings: Settings
    seed: int
    traffic_of: TrafficOf


class Proxy:
    """Changes take effect at once and never wait: whoever changes it has resolved names before."""

    def __init__(self, name: str, listen: str, upstream: str, around: Surroundings) -> None:
        self.name, self.listen, self.upstream = name, listen, upstream
        self.accepted = 0
        self.traffic = Traffic(Labels(name, listen, upstream))
        self._chains: dict[str, list[Toxic]] = {direction: [] for direction in DIRECTIONS}
        self._around = around
        self._listener: Listener | None = None
        self._dials: dict[socket.socket, Dial] = {}
        self._connections: set[Connection] = set()

    # -- what it is --------------------------------------------------------------------------------
    @property
    def enabled(self) -> bool:
        """Whether it listens."""
        return self._listener is not None

    @property
    def open(self) -> int:
        """Connections there are now."""
        return len(self._connections)

    @property
    def toxics(self) -> tuple[Toxic, ...]:
        """Those of the upstream stream, then those of the downstream, each in chain order."""
        return tuple(toxic for direction in DIRECTIONS for toxic in self._chains[direction])

    def toxic(self, name: str) -> Toxic | None:
        """The toxic of that name."""
        return next((toxic for toxic in self.toxics if toxic.name == name), None)

    def value(self) -> ProxyValue:
        """All of it, as it is now."""
        return ProxyValue(self.name, self.listen, self.upstream, self.enabled, self.toxics)

    # -- on and off --------------------------------------------------------------------------------
    def start(self, address: Address) -> None:
        """Listen. Raises CannotListen."""
        if self._listener is not None:
            return
        self._listener = Listener(address, self._accepted)
        self.listen = self._listener.address
        self.traffic = self._around.traffic_of(Labels(self.name, self.listen, self.upstream))
        say(logging.INFO, "Started proxy", **self._about())
        if not is_loopback(self._listener.address.rpartition(":")[0].strip("[]")):
            say(logging.WARNING, "Other machines can reach this proxy", **self._about())

    def stop(self) -> None:
        """Refuse new connections, then drop those there are."""
        if self._listener is None:
            return
        self._listener.close()
        self._listener = None
        for client, dial in self._dials.items():
            dial.cancel()
            client.close()
        self._dials.clear()
        for connection in tuple(self._connections):
            connection.drop()
        say(logging.INFO, "Terminated proxy", **self._about())

    # -- toxics ------------------------------------------------------------------------------------
    def add(self, toxic: Toxic) -> None:
        """Add it to the end of its stream's chain, on live connections too."""
        direction = toxic.stream.lower()
        self._chains[direction].append(toxic)
        for connection in tuple(self._connections):
            connection.add(direction, toxic)

    def update(self, toxic: Toxic) -> None:
        """Replace the toxic of that name; live connections begin anew with it."""
        direction = toxic.stream.lower()
        chain = self._chains[direction]
        chain[:] = [toxic if each.name == toxic.name else each for each in chain]
        for connection in tuple(self._connections):
            connection.update(direction, toxic)

    def remove(self, toxic: Toxic) -> None:
        """Remove the toxic of that name."""
        direction = toxic.stream.lower()
        chain = self._chains[direction]
        chain[:] = [each for each in chain if each.name != toxic.name]
        for connection in tuple(self._connections):
            connection.remove(direction, toxic.name)

    # -- connections -------------------------------------------------------------------------------
    def _accepted(self, client: socket.socket) -> None:
        self.accepted += 1
        number = self.accepted
        dial = self._dials[client] = Dial(
            self.upstream,
            lambda server: self._join(client, server, number),
            lambda why: self._refuse(client, why),
        )
        dial.start()

    def _join(self, client: socket.socket, server: socket.socket, number: int) -> None:
        del self._dials[client]
        connection = Connection(
            client,
            server,
            half_close=self._around.settings.half_close,
            on_over=self._connections.discard,
        )
        self._connections.add(connection)
        connection.start(self._chains, self.traffic, partial(self._dice, number))

    def _refuse(self, client: socket.socket, why: str) -> None:
        del self._dials[client]
        say(logging.ERROR, "Unable to open connection to upstream", **self._about(), error=why)
        client.close()

    def _about(self) -> dict[str, str]:
        return {"name": self.name, "proxy": self.listen, "upstream": self.upstream}

    def _dice(self, number: int, direction: str) -> random.Random:
        return random.Random(f"{self._around.seed}/{self.name}/{number}/{direction}")
