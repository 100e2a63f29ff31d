"""The watchdog: the process that lifts what its session no longer can.

    python -m loadtui.chaos.watchdog --session PID --lifeline FD --out FD --stop FD
                                     --server-lifeline FD --ledger FILE --socket PATH

`vigil` decides; this is its one interpreter. One thread serves pipes and socket; every attempt to
lift has a thread of its own, so that a stuck server stalls neither the next attempt nor a panic.
It is started in a session of its own, ignores what a terminal sends, and logs to stderr.
`--server-lifeline` is only held: a server of the session's own ends when this process has.
"""

from __future__ import annotations

import argparse
import os
import queue
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from loadtui.chaos.doorbell import Doorbell
from loadtui.chaos.frames import (
    FrameError,
    Lifted,
    OwnServer,
    Ready,
    Recorded,
    ToWatchdog,
    Unpacker,
    pack,
)
from loadtui.chaos.ledger_file import LedgerFile, open_entries
from loadtui.chaos.undo import client_for, lift
from loadtui.chaos.vigil import Act, Answer, Purpose, Say, StopLoad, Undo, Vigil, Write
from loadtui.errors import ControlError
from loadtui.model.ledger import Lift

_ATTEMPT = 2.0
_BUSY, _CALM = 0.05, 0.25
_IGNORED = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)


class Watchdog:
    """Pipes, socket, file and threads around a Vigil."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._session: int = options.session
        self._lifeline: int = options.lifeline
        self._out: int = options.out
        self._stop = socket.socket(fileno=options.stop)
        os.set_blocking(self._lifeline, False)
        os.set_blocking(self._out, False)
        self._stop.setblocking(False)
        self._file = LedgerFile(options.ledger)
        self._vigil = Vigil(self._session, time.monotonic())
        self._words: Unpacker[ToWatchdog] = Unpacker(ToWatchdog)
        self._unsent = b""
        self._known_servers: set[str] = set()
        self._results: queue.SimpleQueue[tuple[Purpose, list[Lift]]] = queue.SimpleQueue()
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._lifeline, selectors.EVENT_READ, self._listen)
        self._selector.register(self._woken, selectors.EVENT_READ, self._wake)
        self._doorbell = Doorbell(options.socket, self._selector, self._rung)

    def run(self) -> None:
        """Watch until the session is over and nothing is open any more."""
        self._log("watching")
        self._perform([Say(Ready())])
        while not self._vigil.finished:
            for key, _ in self._selector.select(_BUSY if self._vigil.is_busy else _CALM):
                key.data()
            # Whatever held this process up, what the session said meanwhile counts first.
            self._listen()
            self._collect()
            self._perform(self._vigil.tick(time.monotonic(), time.time()))
            self._flush()
        self._end()

    # -- what comes in ---------------------------------------------------------------------

    def _listen(self) -> None:
        while self._lifeline >= 0:
            try:
                data = os.read(self._lifeline, 65536)
                frames = self._words.feed(data)
            except BlockingIOError:
                return
            except (OSError, FrameError) as error:
                self._log(f"the pipe broke: {error!r}")
                data, frames = b"", []
            for frame in frames:
                self._warm_up(frame)
                self._perform(self._vigil.hear(frame, time.monotonic()))
            if not data:
                self._selector.unregister(self._lifeline)
                self._lifeline = -1
                self._log("the session is gone")
                self._perform(self._vigil.parted(time.monotonic()))

    def _rung(self, source: str, caller: int) -> None:
        self._log(f"panic asked by {source}")
        self._perform(self._vigil.asked(source, caller, time.monotonic()))

    def _wake(self) -> None:
        with suppress(OSError):
            self._woken.recv(4096)

    def _collect(self) -> None:
        while not self._results.empty():
            purpose, lifts = self._results.get()
            self._perform(self._vigil.tried(purpose, lifts, time.monotonic()))

    # -- what goes out ---------------------------------------------------------------------

    def _perform(self, acts: Sequence[Act]) -> None:
        for act in acts:
            match act:
                case StopLoad():
                    with suppress(OSError):
                        self._stop.send(b"!")
                case Say(frame=frame):
                    if isinstance(frame, Lifted):
                        self._log_lifts(frame.lifts)
                    self._unsent += pack(frame)
                    self._flush()
                case Write(line=line):
                    with suppress(OSError):  # a full disk must not keep a fault on
                        self._file.append(line)
                case Answer(client=client, answer=answer):
                    self._doorbell.answer(client, answer)
                case Undo():
                    thread = threading.Thread(target=self._attempt, args=(act,), daemon=True)
                    thread.start()

    def _flush(self) -> None:
        try:
            while self._unsent:
                self._unsent = self._unsent[os.write(self._out, self._unsent) :]
        except BlockingIOError:
            return
        except OSError:  # the session is gone
            self._unsent = b""

    def _attempt(self, act: Undo) -> None:
        try:
            lifts = lift(act.entries, time.monotonic() + _ATTEMPT)
        except Exception as error:  # noqa: BLE001 - the thread's supervisor: the vigil tries again
            self._log(f"an attempt broke off: {error!r}")
            lifts = [Lift(entry, "failed", repr(error)) for entry in act.entries]
        self._results.put((act.purpose, lifts))
        with suppress(OSError):
            self._waker.send(b"!")

    def _warm_up(self, frame: ToWatchdog) -> None:
        """Load what speaks to a server before it is needed in a hurry."""
        url = frame.url if isinstance(frame, OwnServer) else ""
        url = frame.entry.server if isinstance(frame, Recorded) else url
        if not url or url in self._known_servers:
            return
        self._known_servers.add(url)

        def meet() -> None:
            with suppress(ControlError):
                client_for(url, 1.0).version()

        threading.Thread(target=meet, daemon=True).start()

    def _end(self) -> None:
        self._doorbell.close()
        for entry in self._vigil.ledger.entries:
            self._log(f"given up: {entry.change}")
        if not open_entries(self._file.path, own=False):
            self._file.remove()
        self._log("done")

    def _log_lifts(self, lifts: Sequence[Lift]) -> None:
        for each in lifts:
            self._log(f"entry {each.entry.id} {each.result}: {each.text}")

    def _log(self, text: str) -> None:
        now = time.time()
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now))
        with suppress(OSError):
            sys.stderr.write(f"{stamp}.{int(now % 1 * 1000):03}Z {self._session} {text}\n")
            sys.stderr.flush()


def main(arguments: Sequence[str]) -> int:
    """Watch over one session; return when it is over."""
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    parser = argparse.ArgumentParser(prog="loadtui.chaos.watchdog", allow_abbrev=False)
    for name in ("session", "lifeline", "out", "stop", "server-lifeline"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("ledger", "socket"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    Watchdog(parser.parse_args(arguments)).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
