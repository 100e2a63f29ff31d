"""A session to be killed: real watchdog, real server, three faults on, and a line for what happens.

    python -m tests.support.faulty_session STATE_DIR URL [--own KIND] [--in-flight SERVER_PID]

It says `ready WATCHDOG_PID URL` once the faults are on, then `stop`, `panic SOURCE`, `lifted N` and
`died` as it hears them. With `--in-flight`, the server is stopped under a fourth fault's call, and
it says `in flight` then.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

from loadtui.chaos import undo
from loadtui.chaos.control import Control
from loadtui.chaos.frames import Lifted, PanicAsked, WatchdogDied
from loadtui.chaos.step import Call
from loadtui.chaos.toxiproxy import Toxiproxy
from loadtui.model.ledger import Change
from loadtui.model.toxic import Proxy, Toxic
from tests.support.hand import down, toxic, whole
from tests.support.killed_session import freeze
from tests.support.toxiproxy_server import KINDS, let_start

SLOW = Toxic("slow", "latency", "downstream", 1.0, {"latency": 2000, "jitter": 100})
LATE = Toxic("late", "latency", "downstream", 1.0, {"latency": 1, "jitter": 0})
TIGHT = Toxic("tight", "bandwidth", "upstream", 0.5, {"rate": 50})
TIGHTER = Toxic("tight", "bandwidth", "upstream", 1.0, {"rate": 1})
PAYMENTS = Proxy("payments", "127.0.0.1:0", "127.0.0.1:1", toxics=(TIGHT,))
FAULTS = (toxic("payments", "slow", SLOW), toxic("payments", "tight", TIGHTER), down("payments"))


def say(text: str) -> None:
    """Tell the test, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def main(options: argparse.Namespace) -> None:
    """Run until killed."""
    control = Control(state_dir=options.state_dir, now=time.time)
    await control.start(options.url, own=False)
    beats = asyncio.create_task(_beat(control))
    if options.own:
        await _must(control, whole("payments", PAYMENTS))
    for wish in FAULTS:
        await _must(control, wish)
    assert control._guardian is not None
    assert control.worker_stop_fd is not None
    asyncio.get_running_loop().add_reader(control.worker_stop_fd, _stopped, control)
    say(f"ready {control._guardian.pid} {control.url}")
    if options.in_flight:
        flight = asyncio.create_task(_in_flight(control, options.in_flight))
        await asyncio.wait({flight})
    async for event in control.events():
        match event:
            case PanicAsked(source=source):
                say(f"panic {source}")
            case Lifted(lifts=lifts):
                say(f"lifted {len(lifts)}")
            case WatchdogDied():
                say("died")
    await beats


async def _must(control: Control, wish: Change) -> None:
    result = await control.apply(wish, time.time() + 300)
    if result.error:
        raise SystemExit(result.error)


async def _beat(control: Control) -> None:
    while True:
        control.heartbeat()
        await asyncio.sleep(0.25)


def _stopped(control: Control) -> None:
    control.drain_stop()
    say("stop")


async def _in_flight(control: Control, server: int) -> None:
    """Ask for a fourth fault whose call reaches a server that is stopped, and tell so."""
    perform = undo.perform

    def stopped_in_between(client: Toxiproxy, call: Call) -> str:
        freeze(server)
        say("in flight")
        return perform(client, call)

    undo.perform = stopped_in_between
    await control.apply(toxic("payments", "late", LATE), time.time() + 300)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("state_dir", type=Path)
    parser.add_argument("url", nargs="?", default="")
    parser.add_argument("--own", choices=KINDS)
    parser.add_argument("--in-flight", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.own:
        let_start(chosen.own, setattr)
    asyncio.run(main(chosen))
