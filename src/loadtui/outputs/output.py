"""One output in the sink: its own thread, its own bounded room, its own trouble."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, TypeVar

from loadtui.measure.point_queue import PointQueue
from loadtui.model.metric import MetricType
from loadtui.model.point import PointFrame
from loadtui.model.tags import Tags
from loadtui.outputs.samples import Expander
from loadtui.outputs.sink_frame import Written

T = TypeVar("T")

ROOM = 200_000
"""Requests of one worker that wait for an output that takes nothing."""
ROOM_OF_VALUES = 4 * ROOM
"""Values that wait: those of an iteration are four, and checks come on top."""

PIECE = 5_000
"""Requests, and as many values, that are encoded at once: other threads get a turn between."""


class Source:
    """One worker, or the session, as the sink knows it: what its numbers stand for."""

    def __init__(self, kinds: Mapping[str, MetricType], tags: Mapping[str, str]) -> None:
        """Know no series; `tags` go on every sample."""
        self.names: dict[int, tuple[str, Tags]] = {}
        self.tags = tags
        self.kinds = dict(kinds)
        self.origin = 0

    def learn(self, frame: PointFrame) -> None:
        """Take names and types; both only ever grow."""
        self.origin = frame.origin
        self.kinds.update(frame.kinds)
        for each in frame.named:
            self.names[each.series] = (each.name, each.tags)


def expander_of(source: Source, encode: Callable[[Mapping[str, str]], T]) -> Expander[T]:
    """What expands a source's frames for one encoder."""
    return Expander(source.names, source.kinds, lambda tags: encode({**source.tags, **tags}))


class OutputError(Exception):
    """An output cannot be written to any more; the sentence says why."""


class Writer(Protocol):
    """What knows one format and its place. Called by one thread. `note`: what has to be said of
    it at the end in any case.
    """

    note: str

    def open(self) -> str:
        """Make ready; return what is wrong with it for now, or ""; raises OutputError."""

    def write(self, source: Source, frame: PointFrame) -> int:
        """Write all samples of a frame; return how many; raises OutputError."""

    def flush(self) -> None:
        """Let others see what was written; raises OutputError."""

    def close(self) -> None:
        """Write what is still held; raises OutputError."""

    def lost(self) -> tuple[int, str]:
        """How many samples were refused so far, and why the last ones were."""


class Output:
    """Takes frames from one thread and writes them on another, every `interval` seconds."""

    def __init__(
        self, label: str, writer: Writer, interval: float, tell: Callable[[str], None]
    ) -> None:
        """Not yet writing; `tell` is told of trouble, once for each kind of it."""
        self.label, self._writer, self._interval = label, writer, interval
        self._tell = tell
        self._queues: dict[Source, PointQueue] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._samples = self._thinned = self._unwritten = 0
        self._why = ""
        self._thread = threading.Thread(target=self._run, name=label, daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def add(self, source: Source, frame: PointFrame) -> None:
        """Take a frame; never waits for the output."""
        with self._lock:
            queue = self._queues.get(source)
            if queue is None:
                queue = self._queues[source] = PointQueue(source.kinds, ROOM, ROOM_OF_VALUES)
            queue.add(frame)

    def end(self) -> None:
        """Write what is left and end; `join` waits for that."""
        self._ending.set()

    def join(self, deadline: float) -> Written:
        """Wait until that moment of `time.monotonic` at most; tell what was written."""
        self._thread.join(max(0.0, deadline - time.monotonic()))
        is_late = self._thread.is_alive()
        refused, why = self._writer.lost()
        lost = self._unwritten + self._waiting() + refused
        why = why or ("there was no time left" if is_late else "")
        return Written(
            self.label,
            self._samples - refused,
            self._thinned,
            lost,
            self._why or "; ".join(filter(None, (why if lost else "", self._writer.note))),
        )

    # -- the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        is_last = False
        try:
            while not is_last:
                is_last = self._ending.wait(self._interval)
                self._write()
            self._writer.close()
        except OutputError as error:
            self._why = str(error)
            self._tell(f"{self.label}: {error}; nothing more is written there")
            self._discard()

    def _write(self) -> None:
        for source, frame in self._taken():
            self._thinned += frame.thinned
            in_hand = counted(frame)
            self._unwritten += in_hand
            written = self._writer.write(source, frame)
            self._writer.flush()
            self._samples += written
            self._unwritten -= in_hand

    def _taken(self) -> Iterable[tuple[Source, PointFrame]]:
        for source in tuple(self._queues):
            while True:
                with self._lock:
                    queue = self._queues[source]
                    if queue.is_empty:
                        break
                    frame = queue.take(source.origin, PIECE)
                yield source, frame

    def _discard(self) -> None:
        """Count what still comes, so that nobody believes it was written."""
        while not self._ending.wait(self._interval):
            self._drop()
        self._drop()

    def _drop(self) -> None:
        for _, frame in self._taken():
            self._unwritten += counted(frame)

    def _waiting(self) -> int:
        with self._lock:
            return sum(counted(queue.take(source.origin)) for source, queue in self._queues.items())


def counted(frame: PointFrame) -> int:
    """About how many samples a frame is: nine a request."""
    return (
        9 * len(frame.requests)
        + len(frame.values)
        + len(frame.request_sums)
        + len(frame.value_sums)
    )
