"""Which Toxiproxy to use.

In this order: the one that was named; one that runs at TOXIPROXY_URL, then at the usual address;
toxiproxy-server from PATH; the embedded one. Where it must be our own it is the embedded one. The
last two are to be started (`server_process`). `decide` is pure, `find` asks around.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from loadtui.chaos.toxiproxy import Toxiproxy, base_url
from loadtui.errors import BadInput, ControlError, ServerLost, ServerStuck

USUAL = "http://127.0.0.1:8474"
PROGRAM = "toxiproxy-server"
_PROBE = 1.5

ProbeState = Literal["up", "stuck", "absent", "foreign"]
"""`stuck`: accepts but does not answer; `absent`: nothing listens; `foreign`: not a Toxiproxy."""


class Probe(msgspec.Struct, frozen=True):
    """What was met at one address; `text` says why it is not up."""

    url: str
    state: ProbeState
    version: str = ""
    text: str = ""


class Found(msgspec.Struct, frozen=True):
    """Use this server, whatever its state: a named or a stuck one may come back."""

    probe: Probe


class Start(msgspec.Struct, frozen=True):
    """Start a server of our own: this program, or None for the embedded one."""

    binary: Path | None


class Missing(msgspec.Struct, frozen=True):
    """What was named is none; `text` says so."""

    text: str


def find(explicit: str, env: str, *, own: bool) -> Found | Start | Missing:
    """Decide which server to use; takes at most a few seconds.

    `explicit`: what `--toxiproxy` or the scenario names, `env`: what TOXIPROXY_URL says (each ""
    for nothing). `own`: unless one is named, start the embedded one: a stranger's is not ours to
    play with.
    Raises BadInput for an address that cannot be one.
    """
    probes: list[Probe] = []
    for url in _addresses(explicit, env, own=own):
        probes.append(probe(url))
        if probes[-1].state == "up":
            break
    return decide(probes, None if explicit or own else find_program(), named=bool(explicit))


def decide(probes: Sequence[Probe], binary: Path | None, *, named: bool) -> Found | Start | Missing:
    """Choose from what was met, in order of preference (pure)."""
    if named and probes[0].state == "foreign":
        return Missing(probes[0].text)
    if named:
        return Found(probes[0])
    for wanted in ("up", "stuck"):
        for met in probes:
            if met.state == wanted:
                return Found(met)
    return Start(binary)


def _addresses(explicit: str, env: str, *, own: bool) -> list[str]:
    if explicit:
        return [base_url(explicit)]
    if own:
        return []
    try:
        hinted = [base_url(env)] if env.strip() else []
    except BadInput as error:
        raise BadInput(f"TOXIPROXY_URL: {error.what}", hint=error.hint) from None
    return [*hinted, *({USUAL} - {*hinted})]


def probe(url: str, timeout: float = _PROBE) -> Probe:
    """Meet the server at `url`: by its list of proxies, for a stuck one still tells its version."""
    client = Toxiproxy(url, timeout=timeout)
    try:
        client.proxies()
        return Probe(url, "up", client.version())
    except ServerLost as error:
        return Probe(url, "absent", text=error.text)
    except ServerStuck as error:
        return Probe(url, "stuck", text=error.text)
    except ControlError as error:
        return Probe(url, "foreign", text=f"{url} is no Toxiproxy: {error.text}")


def find_program() -> Path | None:
    """Return the path of toxiproxy-server, if it is on PATH."""
    found = shutil.which(PROGRAM)
    return Path(found) if found else None


def words(url: str, version: str, *, ours: bool, embedded: bool = False) -> str:
    """A server in a few words: `toxiproxy 2.12.0 :8474 (ours)`; its host where that is not here."""
    parts = urlsplit(url)
    here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    where = f":{parts.port or 80}" if here else parts.netloc
    whose = "(ours, embedded)" if embedded else "(ours)" if ours else ""
    return " ".join(filter(None, ("toxiproxy", version, where, whose)))
