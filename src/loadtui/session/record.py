"""What the journal keeps, in the words of its format."""

from __future__ import annotations

from typing import Any

import msgspec

from loadtui import __version__
from loadtui.measure.gaps import Gaps
from loadtui.measure.second import Second
from loadtui.model.command import AnyCommand
from loadtui.model.history import History
from loadtui.model.marker import Marker
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import Snapshot
from loadtui.session.difference import difference
from loadtui.session.journal import Journal
from loadtui.session.journal_line import VERSION
from loadtui.session.second_line import has_news, second_fields

WHOLE = 60.0
"""Seconds between two whole screens at least."""
NO_HISTORY = History()
"""Seconds say it all again: a journal needs no past of its own."""
SOON = 0.2
"""Seconds between two screens at least, however often something is decided."""


class Record:
    """Writes a session's lines into its journal."""

    def __init__(self, journal: Journal) -> None:
        """Write into `journal`."""
        self._journal = journal
        self._shown: Snapshot | None = None
        self._whole_at, self._screens = float("-inf"), 0
        self._whole = self._since = 0

    @property
    def path(self) -> str:
        """Where the journal is, or why there is none."""
        return self._journal.problem or str(self._journal.path)

    def header(self, scenario: Scenario, wall: float) -> None:
        """The first line: format version, when, what; header values and bodies are secrets' usual
        home.
        """
        plain = msgspec.structs.replace(scenario, secrets=())
        fields = {"journal": VERSION, "loadtui": __version__, "wall": wall, "scenario": plain}
        self._journal.write("header", 0.0, fields)

    def replaced(self, scenario: Scenario, at: float) -> None:
        """Another scenario is loaded from now on, whose secrets are hidden, too."""
        self._journal.hide(scenario.secrets)
        plain = msgspec.structs.replace(scenario, secrets=())
        self._journal.write("scenario", at, {"scenario": plain})

    def command(self, command: AnyCommand, at: float) -> None:
        """Something was asked for."""
        self._journal.write("command", at, {"command": command})

    def markers(self, before: tuple[Marker, ...], after: tuple[Marker, ...], at: float) -> None:
        """Every marker that is new or changed."""
        for index, marker in enumerate(after):
            if index >= len(before) or before[index] != marker:
                self._journal.write("marker", at, {"marker": marker})

    def gaps(self, before: Gaps, after: Gaps, origin: float, now: float) -> None:
        """Every gap that is new or changed, again whenever it changes, in session seconds."""
        for gap in after.spans:
            if gap not in before.spans:
                until = None if gap.until is None else round(gap.until - origin, 3)
                fields = {"worker": gap.worker, "since": round(gap.since - origin, 3)}
                self._journal.write(
                    "gap", now - origin, {**fields, "until": until, "whole": gap.whole}
                )

    def second(self, at: int, second: Second | None) -> None:
        """The merged rows of one second of the session."""
        if second is None or not has_news(second):
            return
        self._journal.write("second", at, second_fields(second))

    def screen(self, snapshot: Snapshot) -> None:
        """What was shown: once a second, and at once where something was decided.

        Whole now and then, so that whoever seeks or lost a line can start there: after `WHOLE`
        seconds, once what was said since takes as much room. In between, what differs from the
        screen written before.
        """
        snapshot = msgspec.structs.replace(snapshot, history=NO_HISTORY)
        before = self._shown
        has_grown = snapshot.at - self._whole_at >= WHOLE and self._since >= self._whole
        if before is None or has_grown:
            self._whole_at, self._since = snapshot.at, 0
            self._whole = self._write(snapshot, {"whole": snapshot})
        elif is_due(before, snapshot):
            self._since += self._write(snapshot, {"new": difference(before, snapshot)})

    def end(self, final: Snapshot, ending: dict[str, Any]) -> None:
        """The last screen, with the numbers of the whole run, and how it ended."""
        before = self._shown
        changed = {"whole": final} if before is None else {"new": difference(before, final)}
        self._write(final, changed)
        self._journal.write("end", final.at, ending)

    def _write(self, snapshot: Snapshot, fields: dict[str, Any]) -> int:
        self._shown, self._screens = snapshot, self._screens + 1
        return self._journal.write("screen", snapshot.at, {"screen": self._screens - 1, **fields})


def is_due(before: Snapshot, now: Snapshot) -> bool:
    """Whether a screen is worth a line after the one `before`."""
    passed = now.at - before.at
    return int(now.at) > int(before.at) or (passed >= SOON and acts(now) != acts(before))


def acts(shot: Snapshot) -> tuple[object, ...]:
    """What was decided, without what is merely measured."""
    slots = tuple((s.fault, s.on, s.busy, s.trouble) for p in shot.chaos.proxies for s in p.slots)
    return (
        (shot.phase, shot.target, shot.target_rate, shot.by_rate, shot.driver, shot.spike is None),
        (shot.panic, shot.question, shot.caption, shot.touring, shot.news_number, shot.parts),
        (shot.chaos.state, shot.chaos.blocked, slots, len(shot.markers)),
    )
