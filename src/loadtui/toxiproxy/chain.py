"""One link of one connection: the stages of its toxics, what waits between them, what leaves.

Pure: the caller brings pieces, the time and the dice, writes what leaves, and comes back at `due`.
A full stage stops the one before it, and at last the reader: that is the back-pressure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.flow import Dice, Flow, LimitData
from loadtui.toxiproxy.kinds import start
from loadtui.toxiproxy.piece import READ, Chunk, End, Piece, Queue

EARLY = 0.0005
"""Seconds by which a timer may come early: event loops count in milliseconds."""


class Stage:
    """One toxic on one link, and what waits in front of it."""

    def __init__(self, toxic: Toxic, dice: Dice, now: float) -> None:
        self.toxic, self._dice = toxic, dice
        self.inbox = Queue()
        self._passed = 0  # bytes that a limit let through before it was spared or changed
        self.flow = start(toxic, dice, passed=0, now=now)

    @property
    def settled(self) -> bool:
        """Whether interruptions come too late."""
        return self.flow.closed or self.flow.doomed

    @property
    def transparent(self) -> bool:
        """Whether a piece would leave at once, behind nothing."""
        return type(self.flow) is Flow and not (self.inbox or self.flow.out or self.flow.closed)

    def restart(self, toxic: Toxic, now: float) -> None:
        """Begin again as `toxic`: what is held leaves, the toxicity is drawn anew."""
        self.toxic = toxic
        if self.settled:
            return
        before = self.let_go()
        if isinstance(before, LimitData):
            self._passed = before.passed
        self.flow = start(toxic, self._dice, passed=self._passed, now=now)
        self.flow.out = before.out

    def let_go(self) -> Flow:
        """Interrupt the flow; an end it held is to be taken again."""
        again = self.flow.interrupt()
        if again is not None:
            self.inbox.put_first(again)
        return self.flow

    def work(self, now: float) -> bool:
        """Do one thing that can be done now; whether there was one."""
        flow = self.flow
        if flow.out or flow.closed:
            return False
        if flow.due is not None and now >= flow.due - EARLY:
            flow.ripen(now)
        elif not flow.busy and self.inbox:
            flow.take(self.inbox.take(), now)
        else:
            return False
        return True


class Chain:
    """The stages in order, and the pieces that have passed them all.

    `writable`: whether the receiver takes more; the caller keeps it. `plain`: whether a chunk
    would leave at once, so that the caller may write it without asking here.
    """

    def __init__(self, toxics: Sequence[Toxic], dice: Callable[[], Dice], now: float) -> None:
        """`dice` is called for the first toxic only: most links never throw any."""
        self._new_dice = dice
        self._stages = [Stage(toxic, self._dice, now) for toxic in toxics]
        self._passed = Queue()
        self.writable = True
        self.plain = self._is_plain()

    # -- pieces ------------------------------------------------------------------------------------
    def feed(self, data: memoryview, now: float) -> None:
        """Bytes were read; they are copied, in chunks of at most 32 KiB where that matters."""
        inbox = self._inbox(0)
        most = READ if any(stage.flow.fine for stage in self._stages) else len(data)
        for at in range(0, len(data), most):
            inbox.put(Chunk(memoryview(bytes(data[at : at + most])), now))

    def finish(self, end: End) -> None:
        """Nothing more will be read."""
        self._inbox(0).put(end)
        self.plain = False

    def pump(self, now: float) -> Iterator[Piece]:
        """Move everything as far as it may go now; yield what is to be written, while writable."""
        moved = True
        while moved:
            while self._passed and self.writable:
                yield self._passed.take()
            moved = False
            for index in range(len(self._stages) - 1, -1, -1):
                moved = self._advance(index, now) or moved
            moved = moved or bool(self._passed and self.writable)
        self.plain = self._is_plain()

    @property
    def due(self) -> float | None:
        """When to come back; None: when a piece arrives or the receiver takes more."""
        dues = [s.flow.due for s in self._stages if s.flow.due is not None and not s.flow.out]
        return min(dues, default=None)

    @property
    def full(self) -> bool:
        """Whether the reader is to wait."""
        if not self._stages:
            return bool(self._passed)
        return self._stages[0].inbox.room >= self._stages[0].flow.room

    # -- toxics ------------------------------------------------------------------------------------
    def add(self, toxic: Toxic, now: float) -> None:
        """Add a stage at the receiver's end; the one before it begins again."""
        if self._stages:
            self._stages[-1].restart(self._stages[-1].toxic, now)
        self._stages.append(Stage(toxic, self._dice, now))
        self.plain = False

    def update(self, toxic: Toxic, now: float) -> None:
        """The stage of that name begins again with the new values."""
        for stage in self._stages:
            if stage.toxic.name == toxic.name:
                stage.restart(toxic, now)
        self.plain = False

    def remove(self, name: str, now: float) -> None:
        """Take the stage out; what it held and what waited for it goes on at once.

        The removal of a timeout closes the connection instead: its data is lost.
        """
        index = next((i for i, s in enumerate(self._stages) if s.toxic.name == name), None)
        if index is None:
            return
        stage = self._stages[index]
        self.plain = False
        if stage.settled:
            stage.toxic = Toxic("", "noop")
        elif stage.toxic.type == "timeout":
            stage.toxic = Toxic("", "noop")
            stage.flow.close(End.CLOSED)
        else:
            for piece in (*stage.let_go().out, *stage.inbox):
                self._inbox(index + 1).put(piece)
            del self._stages[index]
            if index:
                self._stages[index - 1].restart(self._stages[index - 1].toxic, now)

    # -- inside ------------------------------------------------------------------------------------
    @cached_property
    def _dice(self) -> Dice:
        return self._new_dice()

    def _inbox(self, index: int) -> Queue:
        return self._stages[index].inbox if index < len(self._stages) else self._passed

    def _has_room(self, index: int) -> bool:
        if index < len(self._stages):
            return self._stages[index].inbox.room < self._stages[index].flow.room
        return self.writable and not self._passed

    def _advance(self, index: int, now: float) -> bool:
        stage, after, moved = self._stages[index], self._inbox(index + 1), False
        while True:
            while stage.flow.out and self._has_room(index + 1):
                after.put(stage.flow.out.popleft())
                moved = True
            if not stage.work(now):
                return moved
            moved = True

    def _is_plain(self) -> bool:
        return not self._passed and all(stage.transparent for stage in self._stages)
