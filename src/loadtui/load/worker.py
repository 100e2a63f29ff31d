"""The process that runs virtual users.

    python -m loadtui.load.worker INDEX --parent PID --log FILE [--stop FD]

Commands come as frames on stdin and reports leave on stdout. The worker ends when stdin does, when
its parent dies, or when one byte can be read from FD, the watchdog's stop line, at which every
worker peeks and which none consumes; the end of FD means nothing. However it ends, it cuts what is
in flight, sends one last batch and waits for nobody. Its exit code is an `Ending`, or 1 for a
defect of ours, with a traceback in FILE.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import anyio

from loadtui.errors import BadInput
from loadtui.load.crew import LAST_WORDS, Crew
from loadtui.load.ending import Ending
from loadtui.load.inbox import Inbox
from loadtui.load.outbox import Outbox
from loadtui.load.streams import NotInstalled
from loadtui.model.frame import Said, Setup, ToWorker
from loadtui.open_files import allow_open_files

FILES = 65536
"""Open files that a worker asks for: one a connection."""

_PR_SET_PDEATHSIG = 1
_COMMANDS, _OUTPUT, _LOG = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Work until told to end; return the exit code."""
    options = _options(arguments)
    _die_with(options.parent)
    allow_open_files(FILES)
    frames = _part_streams(options.log)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(_live(options.index, frames, options.stop))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="loadtui.load.worker", allow_abbrev=False)
    parser.add_argument("index", type=int)
    parser.add_argument("--parent", type=int, required=True, metavar="PID")
    parser.add_argument("--log", type=Path, required=True, metavar="FILE")
    parser.add_argument("--stop", type=int, metavar="FD")
    return parser.parse_args(arguments)


def _die_with(parent: int) -> None:
    """Ask the kernel, where it does that, to end us with our parent; else stdin's end must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:  # it died before we asked
        raise SystemExit(Ending.DONE)


def _part_streams(log: Path) -> int:
    """Return a descriptor for frames; from here on, stdout and stderr lead to the log.

    Whatever prints cannot damage a frame, and a non-blocking stdout is shared with nobody.
    """
    frames = os.dup(_OUTPUT)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, _LOG)
    os.dup2(descriptor, _OUTPUT)
    os.close(descriptor)
    return frames


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


async def _live(index: int, frames: int, stop: int | None) -> Ending:
    """Take orders until they end, or until nobody listens, or until the stop line says so."""
    is_stopped = False
    with anyio.CancelScope() as scope:

        def stopped() -> None:
            nonlocal is_stopped
            is_stopped = True
            scope.cancel()

        if stop is not None:
            _watch(stop, stopped)
        return await _serve(index, aiter(Inbox(_COMMANDS)), Outbox(frames, scope.cancel))
    return Ending.STOPPED if is_stopped else Ending.DONE


async def _serve(index: int, inbox: AsyncIterator[ToWorker], outbox: Outbox) -> Ending:
    setup = await anext(inbox, None)
    if not isinstance(setup, Setup):
        return Ending.DONE
    try:
        crew = Crew(setup, outbox)
    except (ValueError, BadInput) as error:
        outbox.put(Said(index, str(error)))
        await outbox.flush(LAST_WORDS)
        return Ending.UNUSABLE
    ending = Ending.DONE
    try:
        await crew.work(inbox)
    except* NotInstalled:  # the journey has told what it lacks
        ending = Ending.UNUSABLE
    return ending


def _watch(descriptor: int, stopped: Callable[[], None]) -> None:
    """Call `stopped` when a byte lies on the stop line; look away when the line ends."""
    loop, line = asyncio.get_running_loop(), socket.socket(fileno=descriptor)

    def peek() -> None:
        try:
            is_told = bool(line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return
        except OSError:
            is_told = False
        loop.remove_reader(descriptor)
        if is_told:
            stopped()

    loop.add_reader(descriptor, peek)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
