"""Samples to a StatsD, by UDP: sent, and never heard of again."""

from __future__ import annotations

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from loadtui.model.point import PointFrame
from loadtui.outputs.output import OutputError, Source, expander_of
from loadtui.outputs.samples import Expander
from loadtui.outputs.statsd_lines import Labels, StatsdLines
from loadtui.outputs.target import Target

PATIENCE = 1.0
"""Seconds that the system may take for one datagram."""


class StatsdWriter:
    """Sends to one address. What the system does not take is counted as lost; what is lost on the
    way nobody knows.
    """

    note = "UDP says nothing of their arrival"

    def __init__(self, target: Target, tell: Callable[[str], None]) -> None:
        """Nothing is sent yet; `tell` is told once when nobody listens."""
        self._target, self._tell = target, tell
        self._lines = StatsdLines(tagged=target.tagged)
        self._expanders: dict[Source, Expander[Labels]] = {}
        self._socket: socket.socket | None = None
        self._waiting = self._refused = 0
        self._why = ""

    def open(self) -> str:
        """Find the address; UDP does not say whether anybody is there."""
        url = urlsplit(self._target.place)
        try:
            found = socket.getaddrinfo(url.hostname, url.port, type=socket.SOCK_DGRAM)
            family, kind, protocol, _, address = found[0]
            self._socket = socket.socket(family, kind, protocol)
            self._socket.settimeout(PATIENCE)
            self._socket.connect(address)
        except OSError as error:
            raise OutputError(f"cannot be reached: {error.strerror}") from None
        return ""

    def write(self, source: Source, frame: PointFrame) -> int:
        """Take everything of a frame; returns how many samples that were."""
        expander = self._expanders.get(source)
        if expander is None:
            expander = self._expanders[source] = expander_of(source, self._lines.encode_tags)
        taken = self._lines.add(expander.samples(frame), source.kinds)
        self._waiting += taken
        return taken

    def flush(self) -> None:
        """Send it."""
        waiting, self._waiting = self._waiting, 0
        packets = self._lines.drain()
        failed = sum(not self._send(packet) for packet in packets)
        if failed:
            self._refused += waiting * failed // len(packets)

    def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            self._socket.close()

    def lost(self) -> tuple[int, str]:
        """About how many samples the system did not take."""
        return self._refused, self._why

    def _send(self, packet: bytes) -> bool:
        assert self._socket is not None  # noqa: S101 - nothing is sent before `open`
        for _ in range(2):
            try:
                self._socket.send(packet)
            except OSError as error:
                # "Refused" is about a datagram before this one, which has not been sent by it.
                self._trouble(error)
            else:
                return True
        return False

    def _trouble(self, error: OSError) -> None:
        if not self._why:
            self._why = error.strerror or type(error).__name__
            self._tell(f"{self._target.label}: {self._why}; what is sent meanwhile is lost")
