"""The Toxiproxy that a session would use, and the ports of the demo."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

from loadtui.chaos.server import Found, Missing, Start, find, words
from loadtui.cli.checkup.check import Check, fail, ok
from loadtui.demo.ports import USUAL, choose_ports
from loadtui.errors import BadInput, SetupFailed

AREA = "network"


def toxiproxy(named: str, hinted: str) -> Check:
    """The server for what `--toxiproxy` and TOXIPROXY_URL say ("" for nothing)."""
    try:
        found = find(named, hinted, own=False)
    except BadInput as error:
        return fail(AREA, "toxiproxy", error.what, error.hint)
    match found:
        case Start(binary=None):
            return ok(AREA, "toxiproxy", "none runs; the embedded one is started with a session")
        case Start(binary=path):
            return ok(AREA, "toxiproxy", f"none runs; {path} is started with a session")
        case Missing(text=text):
            return fail(AREA, "toxiproxy", text, "name the control API, as http://host:8474")
        case Found(probe=probe):
            return _met(probe.url, probe.state, probe.version)


def _met(url: str, state: str, version: str) -> Check:
    if state == "up":
        return ok(AREA, "toxiproxy", f"{words(url, version, ours=False)} runs and is used")
    if state == "stuck":
        todo = "restart it (a known deadlock of the original server)"
        return fail(AREA, "toxiproxy", f"{url} accepts connections but does not answer", todo)
    return fail(AREA, "toxiproxy", f"nothing answers at {url}", "start it, or do not name it")


def ports(is_free: Callable[[int], bool]) -> Iterator[Check]:
    """Whether the demo finds its ports."""
    try:
        chosen = choose_ports(is_free)
    except SetupFailed as error:
        yield fail(AREA, "demo's ports", error.what, error.hint)
        return
    if chosen == USUAL:
        yield ok(AREA, "demo's ports", f"all free, the orders API on {USUAL.orders}")
    else:
        moved = [
            name
            for name in USUAL.__struct_fields__
            if getattr(chosen, name) != getattr(USUAL, name)
        ]
        found = f"taken: {', '.join(str(getattr(USUAL, name)) for name in moved)}; others are used"
        yield ok(AREA, "demo's ports", found)


def loopback() -> Check:
    """Whether this machine's own address can be listened on at all."""
    try:
        with socket.create_server(("127.0.0.1", 0)):
            return ok(AREA, "loopback", "127.0.0.1 can be listened on")
    except OSError as error:
        todo = "bring the loopback interface up: ip link set lo up"
        return fail(AREA, "loopback", f"127.0.0.1: {error.strerror}", todo)


def is_free(port: int) -> bool:
    """Whether nobody listens on that port of this machine."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False
