"""The Toxiproxy that a session uses: found, or started and then ours. Everything here blocks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from loadtui.chaos.server import Found, Missing, Start, find, words
from loadtui.chaos.server_process import Launch, ServerProcess, start
from loadtui.chaos.toxiproxy import Toxiproxy
from loadtui.errors import ControlError, SetupFailed
from loadtui.model.toxic import Proxy

_LEAVE = 3.0


class Host:
    """A server's address and name. `url` "": there is none, and `missing` says how to get one."""

    def __init__(self) -> None:
        """Know of no server yet."""
        self.url = self.words = ""
        self.missing = "Toxiproxy is still being looked for"
        self._client: Toxiproxy | None = None
        self._process: ServerProcess | None = None

    @property
    def client(self) -> Toxiproxy:
        """Its adapter; raises ControlError where there is no server."""
        if self._client is None:
            raise ControlError(0, self.missing)
        return self._client

    @property
    def is_ours(self) -> bool:
        """Whether we started it; it ends with us."""
        return self._process is not None

    def find(self, explicit: str, env: str, *, own: bool, lifeline: int, log: Path) -> None:
        """Find a server, or start one that ends with `lifeline` and prints to `log`.

        `explicit`, `env`, `own`: see `server.find`. Raises BadInput for an address that is none,
        and SetupFailed where there must be a server (`explicit`, `own`) and is none.
        """
        match find(explicit, env, own=own):
            case Found(probe=probe):
                self._use(probe.url, probe.version)
            case Start(binary=binary):
                try:
                    self._process = start(Launch(binary, lifeline, log))
                except SetupFailed as error:
                    if own:
                        raise
                    self.missing = str(error)
                else:
                    self._use(self._process.url, Toxiproxy(self._process.url).version())
            case Missing(text=text):
                if explicit or own:
                    raise SetupFailed(text)
                self.missing = text

    def restart(self, proxies: Iterable[Proxy]) -> None:
        """End a server of ours, start it anew at its address, and replay proxies and toxics.

        Raises SetupFailed when it does not start, or naming the proxies that it did not take.
        """
        if self._process is None:
            raise SetupFailed(f"{self.words or 'Toxiproxy'} is not ours to restart")
        self._process = self._process.restart()
        refused: list[str] = []
        for proxy in proxies:
            try:
                self.client.create(proxy)
            except ControlError as error:
                refused.append(f"{proxy.name} ({error.text})")
        if refused:
            raise SetupFailed(f"not replayed: {', '.join(refused)}")

    def end(self) -> bool:
        """End a server of ours whose lifeline was cut; whether there was one."""
        if self._process is None:
            return False
        if not self._process.wait(_LEAVE):
            self._process.terminate()
        return True

    def _use(self, url: str, version: str) -> None:
        self.url, self.missing = url, ""
        embedded = self._process is not None and self._process.embedded
        self.words = words(url, version, ours=self.is_ours, embedded=embedded)
        self._client = Toxiproxy(url)
