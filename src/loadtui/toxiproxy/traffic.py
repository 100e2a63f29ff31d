"""Live counters: connections of a proxy, and bytes per proxy and direction; their Prometheus text.

Pure. A relay counts where it reads and writes, so that the figures move with the traffic.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

DIRECTIONS = ("upstream", "downstream")


class Labels(NamedTuple):
    """What the figures belong to: a proxy as it was when its connections began."""

    proxy: str
    listener: str
    upstream: str


class Tally:
    """Bytes of one direction: read from the sender, written to the receiver."""

    __slots__ = ("received", "sent")

    def __init__(self) -> None:
        self.received = self.sent = 0

    def figures(self) -> dict[str, int]:
        """Both, by the names that /metrics has for them."""
        return {"received": self.received, "sent": self.sent}


class Traffic:
    """Both directions of one proxy between two changes of its addresses."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.tallies = {direction: Tally() for direction in DIRECTIONS}


_HEAD = (
    "# HELP toxiproxy_proxy_{0}_bytes_total {1}\n# TYPE toxiproxy_proxy_{0}_bytes_total counter\n"
)
_HELP = {
    "received": "Bytes read from the sender, live.",
    "sent": "Bytes written to the receiver, live.",
}
_ERRORS = (
    "# HELP promhttp_metric_handler_errors_total Failures of this page; there are none.\n"
    "# TYPE promhttp_metric_handler_errors_total counter\n"
    'promhttp_metric_handler_errors_total{cause="encoding"} 0\n'
    'promhttp_metric_handler_errors_total{cause="gathering"} 0\n'
)


def exposition(traffics: Iterable[Traffic]) -> str:
    """The page of /metrics, under the original server's names."""
    ordered = sorted(traffics, key=lambda each: each.labels)
    page = _ERRORS
    for counter, words in _HELP.items():
        lines = [
            f"toxiproxy_proxy_{counter}_bytes_total{{{_labels(each.labels, direction)}}} "
            f"{each.tallies[direction].figures()[counter]}\n"
            for direction in sorted(DIRECTIONS)
            for each in ordered
        ]
        if lines:
            page += _HEAD.format(counter, words) + "".join(lines)
    return page


def _labels(labels: Labels, direction: str) -> str:
    values = (
        ("direction", direction),
        ("listener", labels.listener),
        ("proxy", labels.proxy),
        ("upstream", labels.upstream),
    )
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in values)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
