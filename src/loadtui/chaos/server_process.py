"""A toxiproxy-server of our own: started, known to be ours, ended, started anew at its address.

It runs under `loadtui.supervisor`, which ends it when the lifeline is cut. Everything here blocks.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from loadtui.chaos.toxiproxy import Toxiproxy
from loadtui.errors import ControlError, SetupFailed

_PORTS = range(18474, 19474)
# Outside every system's ephemeral ports: the load's own connections would take one of those while
# the server is being restarted. Taken at random: so would another session that starts just then.
_ATTEMPTS = 3
_PATIENCE = 5.0
_GRACE = 2.0


class Launch(msgspec.Struct, frozen=True):
    """How to start a server: a program, or None for the embedded one.

    `lifeline`: a descriptor that reaches its end when the server has to go. `log`: the file that
    takes what it prints. `port`: 0 for a free one of 127.0.0.1.
    """

    binary: Path | None
    lifeline: int
    log: Path
    port: int = 0


class ServerProcess:
    """A running server of ours; `pid` is its supervisor's."""

    def __init__(self, launch: Launch, process: subprocess.Popen[bytes]) -> None:
        """Take over a supervisor that was just started for `launch`, whose port is not 0."""
        self.binary, self.embedded = name_of(launch), launch.binary is None
        self.url = f"http://127.0.0.1:{launch.port}"
        self.pid = process.pid
        self.log_hint = f"see {launch.log}"
        self._launch, self._process = launch, process

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def wait(self, seconds: float) -> bool:
        """Wait until it has ended, after its lifeline was cut; False if it has not in time."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return not self.alive

    def terminate(self) -> None:
        """End it, within a few seconds whatever state it is in."""
        self._process.terminate()
        if not self.wait(_GRACE + 1):
            self._process.kill()
            self._process.wait()

    def restart(self) -> ServerProcess:
        """End it and start it anew at the same address: without proxies, toxics and deadlocks."""
        self.terminate()
        return start(self._launch)


def start(launch: Launch) -> ServerProcess:
    """Start a server and wait until it answers.

    Raises SetupFailed when it does not, or when others kept taking its port.
    """
    ports = [launch.port] if launch.port else list(itertools.islice(_free_ports(), _ATTEMPTS))
    for port in ports:
        server = _start_at(msgspec.structs.replace(launch, port=port))
        if server is not None:
            return server
    raise SetupFailed(
        f"{name_of(launch)} found no free port (tried {', '.join(map(str, ports))})",
        hint="end what listens there",
    )


def _free_ports() -> Iterator[int]:
    return filter(_is_free, random.sample(_PORTS, len(_PORTS)))


def _is_free(port: int) -> bool:
    """Whether nobody listens. By connecting: to bind would be in the way of another's start."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False


def _start_at(launch: Launch) -> ServerProcess | None:
    """Start it at a given port; None when somebody else answers there.

    With the port taken, toxiproxy-server lives on without an API. So it gets a proxy of a secret
    name at its start: whoever lists that one is ours.
    """
    name = f"loadtui-{secrets.token_hex(8)}"
    mark = {"name": name, "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1", "enabled": False}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
        json.dump([mark], config)
        config.flush()
        server = ServerProcess(launch, _spawn(launch, config.name))
        try:
            is_ours = _wait_for_answer(server, name)
        except BaseException:
            server.terminate()
            raise
    if is_ours:
        return server
    server.terminate()
    return None


def name_of(launch: Launch) -> str:
    """What the server is called in messages."""
    return str(launch.binary) if launch.binary is not None else "the embedded Toxiproxy"


def _program(launch: Launch) -> tuple[str, ...]:
    if launch.binary is not None:
        return (str(launch.binary),)
    return (sys.executable, "-P", "-m", "loadtui.toxiproxy")


def _spawn(launch: Launch, config: str) -> subprocess.Popen[bytes]:
    address = ("--host", "127.0.0.1", "--port", str(launch.port))
    supervisor = (sys.executable, "-P", "-m", "loadtui.supervisor")
    with launch.log.open("ab") as log:
        return subprocess.Popen(
            (
                *supervisor,
                *("--lifeline", str(launch.lifeline), "--grace", str(_GRACE), "--"),
                *(*_program(launch), *address, "--config", config),
            ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=(launch.lifeline,),
            start_new_session=True,
            # Else it logs every connection: gigabytes under load.
            env={**os.environ, "LOG_LEVEL": "fatal"},
        )


def _wait_for_answer(server: ServerProcess, name: str) -> bool:
    """Wait for the API and say whether it is this server's."""
    client = Toxiproxy(server.url, timeout=1.0)
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if not server.alive:
            raise SetupFailed(f"{server.binary} ended at once", hint=server.log_hint)
        with suppress(ControlError):
            if name not in client.proxies():
                return False
            client.delete(name)
            return True
        time.sleep(0.01)
    raise SetupFailed(f"{server.binary} does not answer at {server.url}", hint=server.log_hint)
