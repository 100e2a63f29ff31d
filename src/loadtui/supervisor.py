"""Run one program that reads no lifeline (toxiproxy-server, postgres) and end it when ours breaks.

    python -m loadtui.supervisor --lifeline FD [--user NAME] [--signal NAME] [--grace S] -- CMD …

A tiny process of its own: standard library only, one thread, nothing else of this package. CMD runs
in the supervisor's session, with stdin from /dev/null and the supervisor's stdout and stderr. It is
ended (signal, grace, then SIGKILL) when FD reaches its end or the supervisor gets SIGTERM; where
Linux offers it, it also gets that signal when the supervisor itself is killed. The exit code is
CMD's own, 128 + N when signal N ended it, 127 when it could not be started.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import pwd
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

_PR_SET_PDEATHSIG = 1


def main(arguments: Sequence[str]) -> int:
    """Supervise until CMD has ended; return the exit code."""
    options = _options(arguments)
    try:
        os.fstat(options.lifeline)
    except OSError as error:
        return _fail(2, f"lifeline {options.lifeline}: {error.strerror}")
    woken = _listen_to_signals()
    try:
        child = _start(options)
    except (OSError, KeyError) as error:
        return _fail(127, f"{options.command[0]} cannot be started: {error}")
    _watch(child, options.lifeline, woken)
    code = _end(child, options)
    return code if code >= 0 else 128 - code


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="loadtui.supervisor", allow_abbrev=False)
    parser.add_argument("--lifeline", type=int, required=True, metavar="FD")
    parser.add_argument("--user", metavar="NAME", help="run CMD as NAME if we are root")
    parser.add_argument("--signal", type=_signal, default=signal.SIGTERM, metavar="NAME")
    parser.add_argument("--grace", type=float, default=5.0, metavar="SECONDS")
    parser.add_argument("command", nargs="+", metavar="CMD")
    return parser.parse_args(arguments)


def _signal(name: str) -> signal.Signals:
    try:
        return signal.Signals[f"SIG{name.upper().removeprefix('SIG')}"]
    except KeyError:
        raise argparse.ArgumentTypeError(f"no signal {name!r}") from None


def _fail(code: int, text: str) -> int:
    sys.stderr.write(f"loadtui.supervisor: {text}\n")
    return code


def _listen_to_signals() -> int:
    """Return a descriptor that delivers the number of each signal as one byte."""
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # A handler that does nothing, not SIG_IGN: CMD would inherit that.
        signal.signal(number, lambda *_: None)
    return woken


def _start(options: argparse.Namespace) -> subprocess.Popen[bytes]:
    owner = pwd.getpwnam(options.user) if options.user and os.geteuid() == 0 else None
    return subprocess.Popen(
        options.command,
        stdin=subprocess.DEVNULL,
        user=owner and owner.pw_uid,
        group=owner and owner.pw_gid,
        extra_groups=[] if owner else None,
        # Safe here: this process has one thread. It runs after the change of user, which would
        # clear the death signal.
        preexec_fn=_die_with_us(options.signal),  # noqa: PLW1509
    )


def _die_with_us(number: int) -> Callable[[], None] | None:
    """Return what a child calls so that the kernel sends it signal `number` when we are gone."""
    if sys.platform != "linux":
        return None
    prctl, us = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != us:  # gone before we asked
            os.kill(os.getpid(), signal.SIGKILL)

    return ask


def _watch(child: subprocess.Popen[bytes], lifeline: int, woken: int) -> None:
    """Return when CMD has ended or is to be ended."""
    with selectors.PollSelector() as selector:
        selector.register(lifeline, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while child.poll() is None:
            ready = {key.fd for key, _ in selector.select()}
            if woken in ready and signal.SIGTERM in _read(woken):
                return
            if lifeline in ready and not _read(lifeline):
                return


def _read(descriptor: int) -> bytes:
    """Read what is there; empty at the end."""
    try:
        return os.read(descriptor, 4096)
    except BlockingIOError:
        return b"\0"  # nothing yet; no signal has this number
    except OSError:  # the other end of a socket was reset
        return b""


def _end(child: subprocess.Popen[bytes], options: argparse.Namespace) -> int:
    """End CMD if it still runs; return what it returned (negative: the signal that ended it)."""
    child.send_signal(options.signal)  # does nothing once the child was reaped
    try:
        return child.wait(options.grace)
    except subprocess.TimeoutExpired:
        _fail(0, f"{options.command[0]} did not end within {options.grace:g} s: killed")
        child.kill()
        return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
