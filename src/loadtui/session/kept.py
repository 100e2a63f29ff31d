"""What is to be known of a session that is over, in a few numbers, read from its journal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import msgspec

from loadtui.errors import BadInput
from loadtui.model.snapshot import Snapshot
from loadtui.session.journal import line
from loadtui.session.recording import Header, Recording, opened, scan_of
from loadtui.session.running import is_running

KeptState = Literal["ended", "cut", "runs", "unreadable"]


class Label(msgspec.Struct, frozen=True):
    """What the operator calls a session."""

    name: str = ""
    tags: tuple[str, ...] = ()


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """`id`: the journal's name without its end. `bytes`, `changed`: its size, and the ns of its
    last change. `started`: Unix seconds; `length`: seconds. `p95` in ms and `failed` 0..1 are those
    of the whole session. `broken`: how many of its `thresholds` failed. `notes`: what the journal
    does not say.
    """

    id: str
    bytes: int
    changed: int
    state: KeptState
    started: float
    scenario: str = ""
    target: str = ""
    length: float = 0.0
    code: int | None = None
    requests: int = 0
    failed: float | None = None
    p95: float | None = None
    faults: int = 0
    thresholds: int = 0
    broken: int = 0
    format: int = 0
    notes: tuple[str, ...] = ()
    label: Label = Label()


def looked(path: Path) -> Kept:
    """A journal's numbers; of one that is still written only what is in its first line."""
    status = path.stat()
    bare = Kept(
        id=path.stem,
        bytes=status.st_size,
        changed=status.st_mtime_ns,
        state="unreadable",
        started=status.st_mtime,
    )
    if is_running(path):
        return _begun(bare, path)
    try:
        with opened(path) as recording:
            return _read(bare, recording)
    except BadInput as error:
        return msgspec.structs.replace(bare, notes=(str(error),))


def _begun(bare: Kept, path: Path) -> Kept:
    with path.open("rb") as file:
        first = file.readline(1 << 20)
    try:
        header = msgspec.json.decode(first, type=Header)
    except (ValueError, RecursionError):
        header = Header(wall=bare.started)
    return msgspec.structs.replace(
        bare,
        state="runs",
        started=header.wall,
        scenario=str(header.scenario.get("name", "")),
        target=str(header.scenario.get("target", "")),
    )


def _read(bare: Kept, recording: Recording) -> Kept:
    last, end = recording.screen(len(recording.times) - 1), recording.ended
    label = Label()
    for each in recording.labels():
        label = _label(each, label)
    return msgspec.structs.replace(
        bare,
        state="cut" if end is None and recording.damage.version != 1 else "ended",
        started=last.wall - last.at,
        length=recording.length,
        code=None if end is None else end.code,
        format=recording.damage.version,
        notes=recording.damage.sentences,
        label=label,
        **_numbers(last),
    )


def _numbers(last: Snapshot) -> dict[str, object]:
    total = last.total
    return {
        "scenario": last.name,
        "target": last.target_url,
        "requests": total.requests,
        "failed": total.failed / total.requests if total.requests else None,
        "p95": total.stats.p95,
        "faults": sum(marker.kind == "fault" for marker in last.markers),
        "thresholds": len(last.thresholds),
        "broken": sum(each.run_ok is False for each in last.thresholds),
    }


def _label(raw: bytes, before: Label) -> Label:
    try:
        return msgspec.json.decode(raw, type=Label)
    except (ValueError, RecursionError):
        return before


def labelled(path: Path, label: Label) -> None:
    """Write a name and tags into the journal itself; raises BadInput where that cannot be."""
    if is_running(path):
        raise BadInput(f"{path.stem} still runs", hint="name it when it has ended")
    scan = scan_of(path)
    fields = {"name": label.name, "tags": label.tags}
    data = line("label", scan.last, scan.next_number, fields)
    try:
        with path.open("r+b") as file:
            file.seek(0, os.SEEK_END)
            file.write(b"\n" * scan.half + data)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}", hint="mend that") from error
