"""What the journal keeps, in the words of its format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from loadtui import __version__
from loadtui.measure.custom import Measured
from loadtui.measure.gaps import Gaps
from loadtui.measure.second import Second
from loadtui.model.command import AnyCommand
from loadtui.model.marker import Marker
from loadtui.model.metric import OF_WATCH
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import Snapshot
from loadtui.session.journal import VERSION, Journal, metric_line, spread_line, tally_line


class Record:
    """Writes a session's lines into its journal."""

    def __init__(self, journal: Journal) -> None:
        """Write into `journal`."""
        self._journal = journal

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
        fields: dict[str, Any] = {
            "names": {name: tally_line(tally) for name, tally in second.names.items()}
        }
        done = second.iterations
        if done.ended or done.cut:
            fields["iterations"] = [done.ended, done.failed, done.cut, spread_line(done.duration)]
        if done.dropped:
            fields["dropped"] = done.dropped
        if done.late.count:
            fields["late"] = spread_line(done.late)
        if metrics := dict(own_metrics(second)):
            fields["metrics"] = {name: metric_line(sums) for name, sums in metrics.items()}
        self._journal.write("second", at, fields)

    def state(self, snapshot: Snapshot) -> None:
        """Once a second: what was decided and what the screen's numbers were."""
        fields = {
            "wall": round(snapshot.wall, 3),
            "phase": snapshot.phase,
            "target": snapshot.target,
            "active": snapshot.active,
            "draining": snapshot.draining,
            "now": snapshot.now,
            "thresholds": [[s.now, s.now_ok, s.run, s.run_ok] for s in snapshot.thresholds],
            "cpu": snapshot.generator.cpu,
            "lag": snapshot.generator.lag,
            "generator": snapshot.generator,
            "watched": snapshot.watched,
            "faults": [[p.name, s.fault, s.left] for p, s in snapshot.chaos.on],
        }
        self._journal.write("state", snapshot.at, fields)


def has_news(second: Second) -> bool:
    """Whether anything happened in a second."""
    done = second.iterations
    counted = done.ended or done.cut or done.dropped or done.late.count
    return bool(second.names or counted or any(True for _ in own_metrics(second)))


def own_metrics(second: Second) -> Iterator[tuple[str, Measured]]:
    """Custom metrics, all tags together; how watched processes fare is part of the state."""
    for (name, tags), sums in second.metrics.items():
        if not tags and name not in OF_WATCH:
            yield name, sums
