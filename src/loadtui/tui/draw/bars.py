"""Bars between header and tiles: a latched panic, a question, a stuck server, the tour's words."""

from __future__ import annotations

import textwrap
from pathlib import Path

import msgspec

from loadtui.model.command import AnyCommand, Confirm, Decline, KeepLeftovers, LiftLeftovers
from loadtui.model.ledger import Entry
from loadtui.model.replay import ReplayStatus
from loadtui.model.snapshot import Snapshot
from loadtui.tui.draw.cells import Cell, Hue, Row, Rows, clean, cut, pen, row_width, width
from loadtui.tui.draw.figures import plural

_CAPTION = 4
"""Lines of a caption at most."""


class Question(msgspec.Struct, frozen=True):
    """Something to answer with y or escape, the words of both, and what each sends.

    `opens`: a scenario that yes opens once the session has ended.
    """

    text: str
    yes: str
    no: str
    if_yes: tuple[AnyCommand, ...]
    if_no: tuple[AnyCommand, ...] = ()
    opens: Path | None = None


def question(snapshot: Snapshot, own: Question | None) -> Question | None:
    """The one question that y and escape answer now: the screen's own comes first."""
    if own is not None:
        return own
    if snapshot.question:
        return Question(snapshot.question, "yes", "no", (Confirm(),), (Decline(),))
    if snapshot.chaos.leftovers:
        text = _left_over(snapshot.chaos.leftovers)
        return Question(text, "lift", "leave", (LiftLeftovers(),), (KeepLeftovers(),))
    return None


def bars(snapshot: Snapshot, own: Question | None, cells: int, *, tall: bool, panel: bool) -> Rows:
    """One row each; a latched panic takes three where the screen is tall.

    `panel`: the chaos panel can be seen, so that it can say itself that its server is stuck.
    """
    rows: list[Row] = []
    if snapshot.panic:
        alarm = _panic(snapshot, cells)
        blank: Row = ((" " * cells, pen(bg="bad-tint")),)
        rows += [blank, alarm, blank] if tall else [alarm]
    if (asked := question(snapshot, own)) is not None:
        keys = (
            *_keys("y", asked.yes, "yes"),
            ("  ·  ", pen("quiet", "raise")),
            *_keys("esc", asked.no, "no"),
        )
        rows.append(_bar("?", "warn", asked.text, keys, cells))
    if snapshot.chaos.state == "stuck" and not panel:
        words = "Toxiproxy's control API is stuck (upstream issue #558)"
        keys = _keys("R", "restarts it", "restart") if snapshot.chaos.restartable else ()
        rows.append(_bar("▲", "warn", words, keys, cells))
    if snapshot.replay is not None and (told := _untold(snapshot.replay)):
        rows.append(_bar("▲", "warn", told, (), cells))
    if snapshot.caption:
        rows += _tour(snapshot, cells)
    return tuple(rows)


def _untold(status: ReplayStatus) -> str:
    """What the journal does not say."""
    if status.unknown:
        return f"Nothing is known of this moment; this is the screen before it. {status.notice}"
    return status.notice


def _tour(snapshot: Snapshot, cells: int) -> list[Row]:
    """The caption in whole sentences: it is what the audience reads."""
    is_live = snapshot.touring and snapshot.replay is None
    keys = _keys("d", "ends the tour", "tour") if is_live else ()
    room = max(20, cells - row_width(keys) - 14)
    first, *more = textwrap.wrap(clean(snapshot.caption), room)[:_CAPTION] or [""]
    indent = " " * (len("TOUR") + 4)
    hand = pen("ink", "raise", bold=True)
    rest = (_filled(((cut(indent + line, cells), hand),), cells, "raise") for line in more)
    return [_bar("TOUR", "accent", first, keys, cells), *rest]


def _left_over(entries: tuple[Entry, ...]) -> str:
    places = sorted({f"{e.change.proxy}/{e.change.toxic or e.change.part}" for e in entries})
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    where = ", ".join(places[:3])
    return f"{plural(len(entries), 'fault')} of an earlier session may still be on: {where}{more}."


def _panic(snapshot: Snapshot, cells: int) -> Row:
    done = next((m.detail for m in reversed(snapshot.markers) if m.kind == "panic"), "stopping…")
    tint: Hue = "bad-tint"
    keys: tuple[Cell, ...] = (
        ("  ·  ", pen("ink", tint)),
        ("r", pen("accent", tint, bold=True, key="rearm")),
        (" re-arm ", pen("ink", tint, key="rearm")),
    )
    chip: Cell = (" ■ PANIC LATCHED " if cells >= 40 else " ■ ", pen("bg", "bad", bold=True))
    room = cells - width(chip[0]) - row_width(keys) - 5
    row = (("  ", pen(bg=tint)), chip, (f"   {cut(clean(done), max(0, room))}", pen("ink", tint)))
    return _filled((*row, *keys), cells, tint)


def _keys(sign: str, words: str, key: str) -> tuple[Cell, ...]:
    first = (sign, pen("accent", "raise", bold=True, key=key))
    return first, (f" {words}", pen("ink", "raise", key=key))


def _bar(chip: str, hue: Hue, text: str, keys: tuple[Cell, ...], cells: int) -> Row:
    mark: Cell = (f" {chip} ", pen("bg", hue, bold=True))
    room = cells - width(mark[0]) - row_width(keys) - 6
    said: Cell = (f"  {cut(clean(text), max(0, room))}   ", pen("ink", "raise", bold=True))
    return _filled((mark, said, *keys), cells, "raise")


def _filled(row: Row, cells: int, ground: Hue) -> Row:
    return (*row, (" " * max(0, cells - row_width(row)), pen(bg=ground)))
