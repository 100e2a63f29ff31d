"""One client's connection: two sockets, a link in each direction, and the toxics on them."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import monotonic

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.chain import Chain
from loadtui.toxiproxy.link import Link
from loadtui.toxiproxy.side import Side
from loadtui.toxiproxy.traffic import DIRECTIONS, Traffic

DiceFor = Callable[[str], random.Random]


class Connection:
    """Made once the upstream has answered; nothing is read before `start`.

    `on_over` is called once, when both sockets are closed.
    """

    __slots__ = ("_client", "_links", "_on_over", "_server")

    def __init__(
        self,
        client: socket.socket,
        server: socket.socket,
        *,
        half_close: bool,
        on_over: Callable[[Connection], None],
    ) -> None:
        """Take over two connected sockets that do not block."""
        for each in (client, server):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client = Side(client, half_close=half_close)
        self._server = Side(server, half_close=half_close)
        self._client.on_gone = self._server.on_gone = self._gone
        self._on_over = on_over
        self._links: dict[str, Link] = {}

    def start(
        self, toxics: Mapping[str, Sequence[Toxic]], traffic: Traffic, dice_for: DiceFor
    ) -> None:
        """Let the bytes run.

        `dice_for`: the dice of a direction; each has its own, so that a seed gives the same draws
        whatever other connections do.
        """
        now = monotonic()
        ends = ((self._client, self._server), (self._server, self._client))
        for direction, (source, dest) in zip(DIRECTIONS, ends, strict=True):
            chain = Chain(toxics[direction], partial(dice_for, direction), now)
            self._links[direction] = Link(source, dest, chain, traffic.tallies[direction])
        for link in self._links.values():
            link.pump()  # a timeout counts from here
        self._client.read()  # most clients have spoken by now

    def drop(self) -> None:
        """Close both sockets now."""
        for link in self._links.values():
            link.stop()
        self._client.abort()
        self._server.abort()

    def add(self, direction: str, toxic: Toxic) -> None:
        """A toxic was added to the end of the direction's chain."""
        link = self._links[direction]
        link.chain.add(toxic, monotonic())
        link.pump()

    def update(self, direction: str, toxic: Toxic) -> None:
        """A toxic has new values."""
        link = self._links[direction]
        link.chain.update(toxic, monotonic())
        link.pump()

    def remove(self, direction: str, name: str) -> None:
        """A toxic is gone."""
        link = self._links[direction]
        link.chain.remove(name, monotonic())
        link.pump()

    def _gone(self) -> None:
        if self._client.gone and self._server.gone:
            self._on_over(self)
