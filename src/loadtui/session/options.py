"""What a session is given at its start, and what it leaves at its end."""

from __future__ import annotations

from pathlib import Path

import msgspec

from loadtui.model import command as c
from loadtui.model.history import Point
from loadtui.model.ledger import Lift
from loadtui.model.result import OUR_STATS
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import Snapshot
from loadtui.outputs.sink_frame import Written
from loadtui.outputs.target import Target


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How a session is run. `own_server`: start a Toxiproxy of our own even where one runs.
    `first`: commands given once everything is up. `script`: cues that begin then. `unattended`:
    nobody is there to create a proxy. `judged`: whether failed thresholds decide the exit code;
    `strict`: those without data, too. `stats`: of trends, for the summary.
    """

    scenario: Scenario
    workers: int
    state_dir: Path
    journal: Path
    seed: int = 0
    step: int = 1
    toxiproxy: str = ""
    own_server: bool = False
    first: tuple[c.AnyCommand, ...] = ()
    script: tuple[c.Cue, ...] = ()
    tour: tuple[c.Cue, ...] = ()
    graceful: float = 30.0
    unattended: bool = False
    judged: bool = True
    strict: bool = False
    stats: tuple[str, ...] = OUR_STATS
    targets: tuple[Target, ...] = ()
    """Where every sample goes."""


class Outcome(msgspec.Struct, frozen=True):
    """How a session ended. `points`: the whole run, one a second. `unlifted`: what is still on.
    `error`: what ended it, "" when asked to.
    """

    code: int
    final: Snapshot
    points: tuple[Point, ...] = ()
    unlifted: tuple[Lift, ...] = ()
    error: str = ""
    written: tuple[Written, ...] = ()
    """How each output of samples ended."""
    remarks: tuple[str, ...] = ()
    """What went wrong at the end, although the run was judged."""

    @property
    def ending(self) -> dict[str, object]:
        """All but the screen's numbers, which the journal has already."""
        return {
            "code": self.code,
            "error": self.error,
            "unlifted": self.unlifted,
            "written": self.written,
            "remarks": self.remarks,
        }
