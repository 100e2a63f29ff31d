"""Panic from another shell: every living session of this user is asked through its watchdog."""

from __future__ import annotations

import os
import time
from pathlib import Path

from loadtui.chaos import ledger_file, undo
from loadtui.chaos.doorbell import ring
from loadtui.chaos.frames import PanicAnswer
from loadtui.chaos.ledger_file import (
    is_held,
    ledger_files,
    open_entries,
    session_of,
    socket_path,
)
from loadtui.chaos.leftovers import lift_leftovers
from loadtui.model.ledger import Lift

_ANSWER = 8.0
_LIFT = 5.0


def panic(state_dir: Path, *, leftovers: bool = False) -> list[PanicAnswer]:
    """Stop the load and lift the faults of every living session; one answer each, at least one.

    `leftovers`: also lift what sessions that are gone left open. Works while a session is frozen.
    Where a watchdog does not answer, its session's faults are lifted from here; its load goes on.
    """
    answers = [_of_session(path) for path in ledger_files(state_dir) if is_held(path)]
    if not answers:
        answers.append(PanicAnswer("no session of loadtui is running"))
    answers += _of_the_gone(state_dir) if leftovers else _hint(state_dir)
    return answers


def _of_session(path: Path) -> PanicAnswer:
    answer = ring(socket_path(path), f"loadtui panic ({os.getpid()})", _ANSWER)
    if answer is not None:
        return answer
    entries = [entry for entry in open_entries(path, own=True) if entry.is_fault]
    lifts = undo.lift(entries, time.monotonic() + _LIFT)
    said = f"session {session_of(path)}: its watchdog does not answer, so its load was NOT stopped"
    return PanicAnswer(" · ".join([f"{said}: end that process", *_words(lifts)]), ok=False)


def _of_the_gone(state_dir: Path) -> list[PanicAnswer]:
    lifts = lift_leftovers(state_dir, _LIFT)
    if not lifts:
        return [PanicAnswer("nothing was left over")]
    is_good = all(lift.result != "failed" for lift in lifts)
    return [PanicAnswer(" · ".join(["left over", *_words(lifts)]), ok=is_good)]


def _hint(state_dir: Path) -> list[PanicAnswer]:
    count = len(ledger_file.leftovers(state_dir))
    if not count:
        return []
    said = f"left over from sessions that are gone: {count}; --leftovers lifts them"
    return [PanicAnswer(said)]


def _words(lifts: list[Lift]) -> list[str]:
    return [_one(lift) for lift in lifts] or ["no fault was on"]


def _one(lift: Lift) -> str:
    match lift.result:
        case "done":
            return lift.text
        case "left":
            return f"left alone: {lift.text}"
        case "failed":
            change = lift.entry.change
            what = f"{change.toxic or change.part} on {change.proxy}"
            return f"{what} NOT lifted: {lift.text}; by hand: {lift.by_hand[0]}"
