"""What a session does to workers and servers: effects performed, answers given to the desk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from loadtui.chaos.control import Control, PollFailure
from loadtui.errors import LoadtuiError
from loadtui.load.errands import once_a_run
from loadtui.session import pasted
from loadtui.session.effect import (
    Adopt,
    ApplyChange,
    CutLoad,
    Effect,
    FollowPlan,
    HoldLoad,
    Latch,
    LiftEntry,
    LiftEverything,
    Retarget,
    SetRate,
    SetUp,
    Unlatch,
)
from loadtui.session.journal import redacted
from loadtui.session.phase import refusal
from loadtui.session.state import Now, set_up

if TYPE_CHECKING:
    from anyio.abc import TaskGroup

    from loadtui.load.pool import Pool
    from loadtui.model.ledger import Lift
    from loadtui.session.desk import Desk

LIFT = 5.0
"""Seconds within which lifting must end."""


class Acts:
    """Performs effects in the session's loop; `pool` and `group` are set once they are there."""

    def __init__(self, control: Control, desk: Desk, publish: Callable[[], None]) -> None:
        """Act through `control`, tell `desk` and then `publish`."""
        self._control, self._desk, self._publish = control, desk, publish
        self.pool: Pool | None = None
        self.group: TaskGroup | None = None
        self._one_by_one = asyncio.Lock()
        self.failed = ""
        """Why the load cannot be set up."""

    def perform(self, effects: Sequence[Effect]) -> None:
        """Begin everything that was decided; answers come back as facts."""
        for effect in effects:
            if self.pool is not None:
                self._drive(self.pool, effect)
            self._begin(effect)

    def _drive(self, pool: Pool, effect: Effect) -> None:
        match effect:
            case Retarget(target=target):
                pool.retarget(target)
            case SetRate(rate=rate):
                pool.set_rate(rate)
            case FollowPlan(at=at):
                pool.follow(at)
            case CutLoad():
                pool.cut()
            case HoldLoad(on=on):
                pool.hold(on)
            case _:
                return

    def _begin(self, effect: Effect) -> None:
        match effect:
            case ApplyChange():
                self.spawn(self.apply(effect))
            case LiftEntry():
                self.spawn(self._lift(effect))
            case LiftEverything():
                self.spawn(self.lift_all())
            case Latch():
                self.spawn(self._panic())
            case Unlatch():
                self.spawn(self._unlatch())
            case SetUp():
                self.spawn(self._set_up())
            case Adopt():
                self.spawn(self._fresh_workers())
            case _:
                return

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Run `work` beside everything else; after the end has begun, do not begin it."""
        if self.group is None:
            work.close()
        else:
            self.group.start_soon(self._finished, work)

    async def _finished(self, work: Coroutine[Any, Any, object]) -> None:
        await work
        self._publish()

    # -- the server --------------------------------------------------------------------------

    async def look(self) -> None:
        """Read the server once."""
        answer = await self._control.poll()
        if isinstance(answer, PollFailure):
            self._desk.chaos(status=answer.state, message=answer.text)
        else:
            self._desk.saw_server(answer, self._control.traffic)
        self._desk.chaos(blocked=self._control.blocked)
        self._publish()

    async def apply(self, effect: ApplyChange, *, quiet: bool = False) -> str:
        """Make one change; returns why it was not made, "" when it was."""
        result = await self._control.apply(effect.change, effect.deadline)
        await self.look()
        self.perform(self._desk.applied(effect, result.entry, result.error, quiet=quiet))
        return result.error

    async def _lift(self, effect: LiftEntry) -> None:
        lifts = await self._control.lift([effect.entry], timeout=LIFT)
        await self.look()
        self.perform(self._desk.lifted(lifts, effect.why))

    async def lift_all(self) -> list[Lift]:
        """Lift every fault; proxies stay."""
        lifts = await self._control.lift_faults(timeout=LIFT)
        await self.look()
        self.perform(self._desk.lifted(lifts))
        return lifts

    async def restart_server(self) -> None:
        """Restart a server of ours and replay onto it."""
        self._desk.chaos(status="starting", message="replaying proxies and toxics…")
        self._publish()
        try:
            await self._control.restart_server()
        except LoadtuiError as error:
            self._desk.tell(f"restart failed: {error}")
        await self.look()

    async def lift_leftovers(self) -> None:
        """Lift what earlier sessions left behind."""
        self._desk.chaos(leftovers=())
        lifts = await self._control.lift_leftovers()
        failed = [lift for lift in lifts if lift.result == "failed"]
        done = f"{len(lifts) - len(failed)} of {len(lifts)} leftovers dealt with"
        self._desk.tell("; ".join([done, *(lift.text for lift in failed)]))

    # -- both --------------------------------------------------------------------------------

    async def _panic(self) -> None:
        began = time.monotonic()
        if self.pool is not None:
            self.pool.retarget(0)
            self.pool.cut()
        lifts = await self.lift_all()
        self._desk.panicked(lifts, time.monotonic() - began)

    async def _unlatch(self) -> None:
        if self.pool is None:
            return
        self._control.drain_stop()
        await self._fresh_workers()

    async def _fresh_workers(self) -> None:
        """Have every worker replaced, one time after the other."""
        pool = self.pool
        if pool is None:
            return
        async with self._one_by_one:
            if self._desk.state.load.setup == "done":
                await pool.errands.tear_down(pool.scenario)
            await pool.respawn(self._desk.scenario)
        self._desk.shift.fresh(time.monotonic(), self._desk.shift.staff.wanted)
        self._drive(pool, self._desk.state.load.order())

    def has_room(self) -> bool:
        """Whether requests can be replaced now; says why where they cannot."""
        if why := refusal(self._desk.snapshot().phase):
            self._desk.tell(f"not taken: {why}")
        return not why

    async def paste(self, text: str) -> None:
        """Make an offer of what was pasted, or say why not."""
        try:
            made, left_out = await to_thread.run_sync(
                pasted.offer, text, self._desk.scenario, abandon_on_cancel=True
            )
        except LoadtuiError as error:
            self._desk.tell(f"not taken: {error}")
            return
        if self.has_room():
            self._desk.state = self._desk.state.offered(made)
            if left_out:
                self._desk.tell(left_out)

    async def _set_up(self) -> None:
        """Have `setup` called; nothing is driven before it has returned."""
        if self.pool is None:
            return  # it comes again with the order that workers are given once they are up
        began = time.monotonic()
        if files := once_a_run(self.pool.scenario, "setup"):
            self._desk.tell(f"{files[0].written} runs, before the first virtual user")
        why = await self.pool.errands.set_up(self.pool.scenario)
        if self._desk.state.load.setup != "running":
            return  # a panic ended it
        if why:
            self.failed = self.failed or redacted(why, self._desk.scenario.secrets)
        else:
            took = time.monotonic() - began if files else 0.0
            now = Now(time.monotonic(), time.time())
            self.perform(self._desk.became(set_up(self._desk.state, now, took)))
