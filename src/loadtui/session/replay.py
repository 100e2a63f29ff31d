"""A journal that plays like a session: the same snapshots, on a thread of its own."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

import msgspec

from loadtui.model.command import AnyCommand, Quit, Watch
from loadtui.model.replay import (
    ChangeSpeed,
    PlayOrPause,
    ReplayCommand,
    ReplayStatus,
    SeekBy,
    SeekMarker,
    SeekTo,
)
from loadtui.model.snapshot import Snapshot
from loadtui.session.playback import Playback
from loadtui.session.recording import Recording

TICK = 0.25
"""Seconds between two snapshots while it plays."""
REFUSED = "This is a replay: nothing here acts on load or faults."

_OURS = (PlayOrPause, SeekTo, SeekBy, SeekMarker, ChangeSpeed)


class Replay:
    """Plays a recording; a `SessionLink` for its screen."""

    def __init__(
        self,
        recording: Recording,
        *,
        at: float = 0.0,
        speed: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare to play from that second on; nothing plays before `start`."""
        self._recording, self._clock = recording, clock
        self._markers = recording.marker_times()
        self._notice = " · ".join(recording.damage.sentences)
        self._play = Playback(length=recording.length, speed=speed).moved(at)
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._inbox: queue.SimpleQueue[AnyCommand | ReplayCommand] = queue.SimpleQueue()
        self._news, self._news_number, self._recorded_news = "", 0, 0
        self._over, self._watch = False, Watch()
        self._past = recording.rewound()
        self._snapshot = self._look(plays_on=False)
        self._thread = threading.Thread(target=self._run, name="replay", daemon=True)

    # -- from any thread -------------------------------------------------------------------

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def send(self, command: AnyCommand | ReplayCommand) -> None:
        """Hand over a command; those that are for a live session are refused in words."""
        self._inbox.put(command)

    def latest(self) -> Snapshot:
        """The newest snapshot."""
        return self._snapshot

    def subscribe(self, listener: Callable[[Snapshot], None]) -> None:
        """Call `listener` with every snapshot, on the replay's thread."""
        self._listeners.append(listener)

    def join(self) -> None:
        """Wait until it is left."""
        self._thread.join()

    # -- the replay's thread ---------------------------------------------------------------

    def _run(self) -> None:
        before = self._clock()
        while not self._over:
            command = self._next()
            now = self._clock()
            was, self._play = self._play, self._play.after(now - before)
            before = now
            if command is not None:
                self._take(command)
            if command is not None or self._play != was:
                self._publish(plays_on=command is None)

    def _next(self) -> AnyCommand | ReplayCommand | None:
        """The next command; None when it is time to go on."""
        holds_still = self._play.paused or self._play.is_at_end
        try:
            return self._inbox.get(timeout=None if holds_still else TICK)
        except queue.Empty:
            return None

    def _take(self, command: AnyCommand | ReplayCommand) -> None:
        if isinstance(command, _OURS):
            self._play = self._play.told(command, self._markers)
        elif isinstance(command, Quit):
            self._over = True
        elif isinstance(command, Watch):
            self._watch = command
        else:
            self._tell(REFUSED)

    def _tell(self, text: str) -> None:
        self._news, self._news_number = text, self._news_number + 1

    def _publish(self, *, plays_on: bool) -> None:
        self._snapshot = snapshot = self._look(plays_on=plays_on)
        for listener in self._listeners:
            listener(snapshot)

    def _look(self, *, plays_on: bool) -> Snapshot:
        """What is to be seen now. `plays_on`: no jump, so that recorded news is news."""
        play, recording = self._play, self._recording
        screen = recording.screen(recording.index(play.at))
        if plays_on and screen.news_number > self._recorded_news and screen.news:
            self._tell(screen.news)
        self._recorded_news = screen.news_number
        status = ReplayStatus(
            at=play.at,
            length=play.length,
            speed=play.speed,
            paused=play.paused,
            notice=self._notice,
            unknown=recording.is_unknown(play.at),
            over=self._over,
        )
        newest = screen.points[-1].at if screen.points else 0.0
        watch = self._watch
        past = self._past.history(screen.at, newest, watch.name, heat=watch.heat)
        return msgspec.structs.replace(
            screen,
            replay=status,
            news=self._news,
            news_number=self._news_number,
            history=past,
        )
