"""One client's connection: two sockets, a link in each direction, and the toxics on them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.chain import Chain
from loadtui.toxiproxy.link import Link
from loadtui.toxiproxy.side import Side
from loadtui.toxiproxy.traffic import DIRECTIONS, Traffic

DiceFor = Callable[[str], random.Random]


class Connection:
    """Made once the upstream has answered; `client` and `server` are then given to the loop.

    `dice_for`: the dice of a direction; each has its own, so that a seed gives the same draws
    whatever other connections do.
    """

    def __init__(
        self,
        toxics: Mapping[str, Sequence[Toxic]],
        traffic: Traffic,
        dice_for: DiceFor,
        *,
        half_close: bool,
    ) -> None:
        now = monotonic()
        self._links = {
            each: Link(Chain(toxics[each], dice_for(each), now), traffic.tallies[each])
            for each in DIRECTIONS
        }
        up, down = self._links["upstream"], self._links["downstream"]
        self.client = Side(up, down, half_close=half_close)
        self.server = Side(down, up, half_close=half_close)
        for link in self._links.values():
            link.pump()  # a timeout counts from here

    @property
    def over(self) -> bool:
        """Whether both sockets are closed."""
        return self.client.gone and self.server.gone

    def drop(self) -> None:
        """Close both sockets now."""
        for link in self._links.values():
            link.stop()
        self.client.abort()
        self.server.abort()

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
