"""A journal as a session writes it, with every screen that was shown meanwhile."""

from __future__ import annotations

from pathlib import Path

from loadtui.model import command as c
from loadtui.model.ledger import Entry, Lift
from loadtui.model.result import OUR_STATS
from loadtui.model.snapshot import Snapshot
from loadtui.model.toxic import Proxy, Toxic
from loadtui.model.watch import Watched
from loadtui.session.effect import ApplyChange
from loadtui.session.options import Outcome
from tests.support.desk_table import SLOW, Table


class Recorded:
    """A minute and a half of load with a fault in it; `shown`: the screens, oldest first.

    `scenario`: fields of it that are otherwise. A watched process grows by a megabyte a second.
    """

    def __init__(self, folder: Path, seconds: int = 90, **scenario: object) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.table = Table(folder, secrets=("s3cr3t",), **scenario)
        self.shown: list[Snapshot] = []
        self.outcome: Outcome
        self._server()
        self._watch()
        for second in range(seconds):
            self._act(second)
            self._look(second)
            is_slow = 20 <= second < 40
            self.table.second(2000.0 if is_slow else 20.0 + second % 7, failed=3 * is_slow)
            self._watch()

    @property
    def path(self) -> Path:
        """The journal."""
        return self.table.journal.path

    def _act(self, second: int) -> None:
        desk = self.table.desk
        if second == 2:
            desk.command(c.Step(2))
        if second == 10:
            desk.command(c.AddNote("the token is s3cr3t \x1b]52;c;evil\x07"))
        if second == 20:
            (call,) = desk.command(c.Toggle("payments", "latency"))
            assert isinstance(call, ApplyChange)
            self._entry = Entry(1, "http://s", call.change, call.deadline, confirmed=True)
            self._server(SLOW)
            desk.applied(call, self._entry, "")
        if second == 40:
            desk.command(c.Toggle("payments", "latency"))
            self._server()
            desk.lifted([Lift(self._entry, "done")])

    def _look(self, second: int) -> None:
        desk = self.table.desk
        seen = tuple(
            Watched(each.name, 7 + (second >= 50), memory=1e6 * (50 + second), cpu=0.5, files=20.0)
            for each in desk.scenario.watch
        )
        for mark in desk.watching.take(seen, self.table.clock.mono):
            desk.tell(f"{mark.what}: {mark.detail}", mark)

    def _server(self, *toxics: Toxic) -> None:
        proxy = Proxy("payments", "l:1", "u:2", toxics=toxics)
        self.table.desk.saw_server({"payments": proxy}, {})

    def _watch(self) -> None:
        snapshot = self.table.desk.snapshot()
        self.table.desk.record.screen(snapshot)
        self.shown.append(snapshot)

    def end(self) -> Outcome:
        """Close it as a session does; how it ended."""
        desk = self.table.desk
        desk.life.ended = True
        final = desk.final(OUR_STATS)
        outcome = Outcome(0, final, tuple(desk.store.points.values()))
        desk.record.end(final, outcome.ending)
        self.table.journal.close()
        return outcome
