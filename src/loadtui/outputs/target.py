"""Where samples go: one output each, as the sink is told of it."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["json", "csv", "influxdb", "prometheus", "otlp", "statsd"]

KINDS: tuple[Kind, ...] = ("json", "csv", "influxdb", "prometheus", "otlp", "statsd")
STDOUT = "-"


class Target(msgspec.Struct, frozen=True):
    """One output. `place`: an absolute path, "-" for stdout, or a URL without a user.

    `user`, `password`, `token`, `headers`: how to sign in, each empty for not at all. `stats`: of
    each trend, where only stats are sent. `native`: whether histograms go to Prometheus too.
    `tagged`: whether tags go to StatsD. `run`: the run's name, where a database keeps it.
    """

    kind: Kind
    place: str
    user: str = ""
    password: str = ""
    token: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    stats: tuple[str, ...] = ()
    native: bool = False
    tagged: bool = False
    run: str = ""

    @property
    def label(self) -> str:
        """What it is called in a sentence; tells no secret."""
        shown = self.place.partition("?")[0] if "://" in self.place else self.place
        return f"{self.kind}={shown}"
