"""The session's desk: commands and facts come in, effects for the outside world go out.

It performs inner effects (markers, news, comparisons) itself and hands back those on workers or
servers. It owns no loop, thread, socket or process; the clock is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from loadtui.model import command as c
from loadtui.model.ledger import Entry, Lift
from loadtui.model.result import TREND_STATS
from loadtui.model.row import Batch
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import Snapshot
from loadtui.model.toxic import Proxy, Traffic
from loadtui.model.verdict import ThresholdStatus
from loadtui.session import chaos_results
from loadtui.session.chaos_state import ChaosState
from loadtui.session.comparison import Comparisons
from loadtui.session.effect import (
    Adopt,
    ApplyChange,
    CloseFault,
    EditMark,
    Effect,
    Mark,
    OpenFault,
    RelabelFault,
    Tell,
)
from loadtui.session.final import completed
from loadtui.session.journal import Journal
from loadtui.session.load_span import LoadSpan, seen
from loadtui.session.overtime import Overtime
from loadtui.session.phase import Life, phase
from loadtui.session.record import Record
from loadtui.session.shift import Shift
from loadtui.session.staff import Trouble
from loadtui.session.state import Decision, Now, decide, end_plan, initial, start_script, tick
from loadtui.session.timed_rules import marked
from loadtui.session.timeline import Timeline
from loadtui.session.verdicts import Verdicts, store_for
from loadtui.session.view import Facts, View
from loadtui.session.watching import Watching

Outside = list[Effect]
QUIET = ("lifted", "as planned")
"""Reasons for which a fault is lifted that are no news."""


class Desk:
    """All that a session decides and remembers."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        step: int,
        tour: tuple[c.Cue, ...],
        journal: Journal,
        clock: Callable[[], Now],
    ) -> None:
        """Start idle at `clock()`, which is second 0 of the session."""
        self.scenario, self._now = scenario, clock
        self.origin = clock().mono
        self.state = initial(scenario, step=step, tour=tour)
        self.store, self.timeline = store_for(scenario), Timeline()
        self.parts: dict[str, str] = {}
        self.life, self._span, self._faults = Life(), LoadSpan(), Comparisons()
        self._verdicts, self.view = Verdicts(scenario), View(scenario)
        self.record = Record(journal)
        self.shift = Shift(self.store, self.record, self.origin)
        self.watching = Watching(scenario, self.store, self.origin)
        self.overtime = Overtime(scenario.guard, self.origin)
        self._statuses: tuple[ThresholdStatus, ...] = ()
        self._complete = int(self.origin)
        self.abort_reason, self._news, self._news_number = "", "", 0
        self.record.header(scenario, self._now().wall)

    # -- in ------------------------------------------------------------------------------

    def command(self, command: c.AnyCommand) -> Outside:
        """An operator, a script or a signal asks for something."""
        self.record.command(command, self.at)
        return self.became(decide(self.state, command, self._now()))

    def run_script(self, cues: tuple[c.Cue, ...]) -> None:
        """Begin a script."""
        self.state = start_script(self.state, cues, self._now())

    def tick(self) -> tuple[Outside, bool]:
        """Time passed: what is due, and whether an abort threshold asks to end the session."""
        now = self._now()
        load = seen(self.state.load, self.store, int(now.mono))
        self.state = msgspec.structs.replace(self.state, load=load)
        self.state, effects, commands = tick(self.state, now)
        outside = self._perform(effects)
        for command in (*commands, *self._overtime()):
            outside += self.command(command)
        self._measure(now)
        return outside, self._judge(now)

    def batch(self, batch: Batch) -> None:
        """A worker reported."""
        self.store.ingest(batch)
        self.store.saw(int(batch.at), self.store.crews.active)
        self._notice_load()

    def acknowledged(self, worker: int, active: int, draining: int) -> None:
        """A worker took a command."""
        self.store.crews.set_active(worker, active, draining)
        self._notice_load()

    def plan_over(self) -> Outside:
        """Every worker has come to the plan's end."""
        return self.became(end_plan(self.state))

    def became(self, decided: Decision) -> Outside:
        """Something happened to the load: what follows from it."""
        self.state, effects = decided
        return self._perform(effects)

    def worker(self, event: Trouble) -> None:
        """A worker failed, or is there again."""
        if self.life.ending:
            return
        now, is_wanted = self._now().mono, self.state.load.is_wanted
        timeline, news = self.shift.hear(event, self.timeline, now, is_wanted=is_wanted)
        self._timeline(timeline)
        self.tell(news)

    def saw_server(self, view: dict[str, Proxy], traffic: dict[str, Traffic]) -> None:
        """The Toxiproxy server as just read, with the traffic of proxies that count it."""
        self._chaos(chaos_results.saw(self.state.chaos, view, traffic))

    def adopt(self, scenario: Scenario) -> None:
        """Another scenario is loaded from now on; what holds for its thresholds stays."""
        self.record.replaced(scenario, self.at)
        self.scenario = scenario
        self.view.adopt(scenario)
        self.store.keep_apart(request.name for request in scenario.all_requests)

    def chaos(self, **fields: object) -> None:
        """Replace facts of the chaos panel."""
        self._chaos(msgspec.structs.replace(self.state.chaos, **fields))

    def applied(
        self, done: ApplyChange, entry: Entry | None, error: str, *, quiet: bool = False
    ) -> Outside:
        """A change was made, or was not; `quiet`: part of the set-up, no marker."""
        chaos, effects = chaos_results.applied(self.state.chaos, done, entry, error)
        self._chaos(chaos)
        return self._perform([e for e in effects if not (quiet and isinstance(e, Mark))])

    def lifted(self, lifts: Sequence[Lift], why: str = "lifted") -> Outside:
        """Entries were lifted, left alone, or could not be lifted."""
        outside: Outside = []
        for lift in lifts:
            chaos, effects = chaos_results.lifted(self.state.chaos, lift, why)
            self._chaos(chaos)
            outside += self._perform(effects)
        return outside

    def panicked(self, lifts: Sequence[Lift], took: float) -> None:
        """A panic is done: say what it did, and cut running measurements of recovery short."""
        detail = chaos_results.panic_words(lifts, took)
        self._mark(Mark(kind="panic", what="PANIC", detail=detail))
        self._faults.cut_short()

    def tell(self, text: str, mark: Mark | None = None) -> None:
        """News for a toast, with `mark` for the timeline too."""
        if mark is not None:
            self._mark(mark)
        self._news, self._news_number = text, self._news_number + 1

    # -- out -----------------------------------------------------------------------------

    @property
    def at(self) -> float:
        """Session seconds."""
        return self._now().mono - self.origin

    @property
    def elapsed(self) -> float:
        """Seconds under load."""
        return self._span.seconds(self._now().mono)

    def snapshot(self) -> Snapshot:
        """The instant, for everybody."""
        facts = Facts(
            phase=phase(self.life, self.state.load, self.store.crews.running),
            staff=self.shift.staff,
            parts=dict(self.parts),
            news=self._news,
            news_number=self._news_number,
            journal=self.record.path,
            origin=self.origin,
            load_began=self._span.began,
            thresholds=self._statuses,
            comparisons=self._faults.values,
            timeline=self.timeline,
            watched=self.watching.now,
            elapsed=self.elapsed,
            dead_man=self.overtime.left(self.state, self._now().mono),
        )
        return self.view.snapshot(self.state, self.store, facts, self._now())

    def final(self, stats: Sequence[str] = TREND_STATS) -> Snapshot:
        """The last snapshot, with the totals of everything and these `stats` of trends."""
        now, elapsed = self._now(), self.elapsed
        self.store.refresh(int(now.mono) + 1, self.origin)
        self._note_windows(int(now.mono) + 1)
        self._statuses = self._verdicts.judge(self.store, int(now.mono), elapsed=elapsed, last=True)
        self._measure(now, last=True)
        return completed(self.snapshot(), self.scenario, self.store, self.watching, stats)

    # -- within --------------------------------------------------------------------------

    def _chaos(self, chaos: ChaosState) -> None:
        self.state = msgspec.structs.replace(self.state, chaos=chaos)

    def _notice_load(self) -> None:
        self._span.notice(self.store, self.state.load, self._now().mono)

    def _overtime(self) -> tuple[c.AnyCommand, ...]:
        due = self.overtime.due(self.state, self.elapsed, self._now().mono)
        if due.words:
            self.tell(due.words, due.mark)
        return due.commands

    def _perform(self, effects: Sequence[Effect]) -> Outside:
        outside: Outside = []
        for effect in effects:
            match effect:
                case Mark() | EditMark() | RelabelFault():
                    self._timeline(self.timeline.told(effect, self.at))
                case Tell(text=text):
                    self.tell(text)
                case OpenFault():
                    self._open(effect)
                case CloseFault(marker=marker, why=why):
                    self._close(marker, why)
                case Adopt(scenario=scenario):
                    self.adopt(scenario)
                    outside.append(effect)
                case _:
                    outside.append(effect)
        return outside

    def _mark(self, mark: Mark) -> None:
        self._timeline(self.timeline.add(mark, self.at))

    def _timeline(self, timeline: Timeline) -> None:
        self.record.markers(self.timeline.markers, timeline.markers, self.at)
        self.timeline = timeline

    def _open(self, opened: OpenFault) -> None:
        self._timeline(self.timeline.open("fault", opened.what, opened.detail, self.at))
        marker = self.timeline.markers[-1]
        slot = msgspec.structs.replace(self.state.chaos.slot(opened.key), marker=marker.number)
        chaos = self.state.chaos.with_slot(opened.key, slot)
        self._chaos(marked(chaos, opened.key, marker.number))
        self._faults.open(marker, self._now().mono, self.store, self.timeline.baseline)

    def _close(self, marker: int, why: str) -> None:
        self._timeline(self.timeline.close(marker, self.at))
        if why not in QUIET:
            self.tell(f"{self.timeline.markers[marker - 1].what}: {why}, lifted")
        self._faults.close(marker, self._now().mono)

    def _measure(self, now: Now, *, last: bool = False) -> None:
        complete = int(now.mono) + 1 if last else self.store.crews.complete(now.mono)
        self.store.refresh(complete, self.origin)
        if complete > self._complete or last:
            for second in range(self._complete, complete):
                self.record.second(second - int(self.origin), self.store.second(second))
            self._complete = complete
            self._note_windows(complete)
        self._faults.measure(self.store, complete, self.origin)
        self._timeline(self._faults.onto(self.timeline))

    def _note_windows(self, complete: int) -> None:
        ended = int((self._span.began or self.origin) + self.elapsed)
        self._verdicts.note_windows(self.store, complete, ended, self.origin)

    def _judge(self, now: Now) -> bool:
        elapsed = self.elapsed
        self._statuses = self._verdicts.judge(self.store, int(now.mono), elapsed=elapsed)
        for change in self._verdicts.changes(self._statuses):
            self._timeline(change.onto(self.timeline, self.at))
        aborting = self._verdicts.aborting(self._statuses, elapsed)
        if aborting is None or self.abort_reason or self.life.ending:
            return False
        self.abort_reason = f"threshold {aborting.source} failed (abortOnFail)"
        self.tell(self.abort_reason)
        return True
