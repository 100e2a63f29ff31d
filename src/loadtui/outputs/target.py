"""Where samples go: what `--out` asks for, checked before anything starts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from loadtui.errors import BadInput
from loadtui.model.result import parse_stats
from loadtui.model.suggest import advice

Kind = Literal["json", "csv", "influxdb", "prometheus"]

KINDS: tuple[Kind, ...] = ("json", "csv", "influxdb", "prometheus")
STDOUT = "-"
INFLUX = "http://localhost:8086"
"""Where k6 sends to when it is told no more than `influxdb`, to the database `k6`."""

PROMETHEUS = "http://localhost:9090/api/v1/write"
"""Where k6 sends to when it is told no more."""

TREND_STATS = ("p(99)",)
"""Stats of trends that k6 sends to Prometheus unless told otherwise."""

_SHAPES = (
    "json=FILE, csv=FILE, influxdb=http://HOST:8086/DATABASE"
    " or prometheus=http://HOST:9090/api/v1/write"
)


class Target(msgspec.Struct, frozen=True):
    """One output. `place`: an absolute path, "-" for stdout, or a URL without a user.

    `user`, `password`, `token`: how to sign in, each "" for not at all. `stats`: of each trend,
    where only stats are sent.
    """

    kind: Kind
    place: str
    user: str = ""
    password: str = ""
    token: str = ""
    stats: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What it is called in a sentence; tells no secret."""
        return f"{self.kind}={self.place}"


def parse(text: str, env: Mapping[str, str], folder: Path, others: tuple[str, ...] = ()) -> Target:
    """Read `KIND[=PLACE]`; relative paths belong to `folder`; raises BadInput.

    `others`: kinds of output there are beside ours, for the advice.
    """
    word, _, place = text.partition("=")
    kind = next((each for each in KINDS if each == word), None)
    if kind is None:
        hint = advice(word, (*KINDS, *others))
        raise BadInput(f"--out: there is no output {word!r}", hint=hint)
    if kind == "influxdb":
        return _influx(place or INFLUX, env)
    if kind == "prometheus":
        return _prometheus(place or PROMETHEUS, env)
    place = place or STDOUT
    if place == STDOUT:
        return Target(kind, STDOUT)
    path = (folder / place).absolute()
    if path.is_dir():
        raise BadInput(f"--out {text}: {path} is a folder", hint=f"write {_SHAPES}")
    if not path.parent.is_dir():
        raise BadInput(f"--out {text}: there is no folder {path.parent}", hint="make it first")
    return Target(kind, str(path))


def _influx(place: str, env: Mapping[str, str]) -> Target:
    url, base = _split("influxdb", place)

    def setting(name: str) -> str:
        return _setting(env, f"LOADTUI_INFLUXDB_{name}", f"K6_INFLUXDB_{name}")

    return Target(
        "influxdb",
        f"{base}/{url.path.strip('/') or setting('DB') or 'k6'}",
        unquote(url.username or "") or setting("USERNAME"),
        unquote(url.password or "") or setting("PASSWORD"),
        setting("TOKEN"),
    )


def _prometheus(place: str, env: Mapping[str, str]) -> Target:
    url, base = _split("prometheus", place)

    def setting(name: str) -> str:
        return _setting(env, f"LOADTUI_PROMETHEUS_{name}", f"K6_PROMETHEUS_RW_{name}")

    stats = setting("TREND_STATS")
    return Target(
        "prometheus",
        f"{base}{url.path.rstrip('/') or '/api/v1/write'}",
        unquote(url.username or "") or setting("USERNAME"),
        unquote(url.password or "") or setting("PASSWORD"),
        setting("BEARER_TOKEN"),
        parse_stats(stats) if stats else TREND_STATS,
    )


def _setting(env: Mapping[str, str], ours: str, k6s: str) -> str:
    return env.get(ours) or env.get(k6s, "")


def _split(kind: str, place: str) -> tuple[SplitResult, str]:
    """The URL, and its beginning without a user; what is told names no password."""
    url = urlsplit(place)
    try:
        port = url.port
    except ValueError:
        port = 0
    if url.scheme not in {"http", "https"} or not url.hostname or port == 0:
        raise BadInput(f"--out {kind}: that is no http:// URL", hint=f"write {_SHAPES}")
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    return url, f"{url.scheme}://{host}{f':{port}' if port else ''}"


def targets(
    texts: tuple[str, ...], others: tuple[str, ...], env: Mapping[str, str], folder: Path
) -> tuple[Target, ...]:
    """All that `--out` asks for; raises BadInput, also where two would write to one place."""
    out: list[Target] = []
    for text in texts:
        target = parse(text, env, folder, others)
        if any(target.place == other.place for other in out):
            raise BadInput(f"--out {text}: another output writes there", hint="name another place")
        out.append(target)
    return tuple(out)
