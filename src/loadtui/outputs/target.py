"""Where samples go: what `--out` asks for, checked before anything starts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from loadtui.errors import BadInput
from loadtui.model.suggest import advice

Kind = Literal["json", "csv", "influxdb"]

KINDS: tuple[Kind, ...] = ("json", "csv", "influxdb")
STDOUT = "-"
INFLUX = "http://localhost:8086"
"""Where k6 sends to when it is told no more than `influxdb`, to the database `k6`."""

_SHAPES = "json=FILE, csv=FILE or influxdb=http://HOST:8086/DATABASE"


class Target(msgspec.Struct, frozen=True):
    """One output. `place`: an absolute path, "-" for stdout, or a URL without a user.

    `user`, `password`, `token`: how to sign in, each "" for not at all.
    """

    kind: Kind
    place: str
    user: str = ""
    password: str = ""
    token: str = ""

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
    url = urlsplit(place)
    try:
        port = url.port
    except ValueError:
        port = 0
    if url.scheme not in {"http", "https"} or not url.hostname or port == 0:
        raise BadInput(f"--out influxdb: {place!r} is no http:// URL", hint=f"write {_SHAPES}")

    def setting(name: str) -> str:
        return env.get(f"LOADTUI_INFLUXDB_{name}") or env.get(f"K6_INFLUXDB_{name}", "")

    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    base = f"{url.scheme}://{host}{f':{port}' if port else ''}"
    return Target(
        "influxdb",
        f"{base}/{url.path.strip('/') or setting('DB') or 'k6'}",
        url.username or setting("USERNAME"),
        url.password or setting("PASSWORD"),
        setting("TOKEN"),
    )


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
