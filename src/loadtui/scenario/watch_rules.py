"""Watched processes: each is named in one way, and, before a run, is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from loadtui.errors import BadInput
from loadtui.model.watch import Watch
from loadtui.processes import is_running, pid_in
from loadtui.scenario.fields import meant
from loadtui.scenario.place import Document, Problem, mapping
from loadtui.scenario.schema import FilePart

_ONE = "write pid: 123 or pidfile: path"


def watch_problems(document: Document, folder: Path, *, must_run: bool) -> Iterator[Problem]:
    """Everything that is wrong with `watch`; `must_run`: also that a process does not run, as
    somebody who only looks a file over need not have started it.
    """
    for name, part in mapping(mapping(document.root).get("watch")).items():
        if not isinstance(part, dict):
            continue
        given = [key for key in ("pid", "pidfile") if key in part]
        if len(given) != 1:
            what = "names no process" if not given else "names its process in two ways"
            yield document.at_key(("watch", name), BadInput(f"{name} {what}", hint=_ONE))
        elif must_run and (bad := _absence(part, folder)) is not None:
            yield document.at_value(("watch", name, given[0]), bad)


def watches(part: FilePart, folder: Path) -> tuple[Watch, ...]:
    """The processes to watch of a file that has no problems, with whole paths."""
    return tuple(
        Watch(name, each.pid or 0, str((folder / each.pidfile).absolute()) if each.pidfile else "")
        for name, each in part.watch.items()
    )


def _absence(part: Mapping[str, Any], folder: Path) -> BadInput | None:
    """Why there is no process to watch; None where there is one, or where its shape is wrong."""
    if "pid" in part:
        pid = meant(part["pid"])
        return _unless_running(pid, "") if type(pid) is int and pid > 0 else None
    written = part["pidfile"]
    if not isinstance(written, str) or not written.strip():
        return None
    try:
        found = pid_in(folder / written)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        hint = f"start the process first; paths are relative to {folder.resolve()}"
        return BadInput(f"the pid file {written} cannot be read: {why}", hint=hint)
    if found is None:
        hint = "it must begin with the number of the process"
        return BadInput(f"the pid file {written} holds no process id", hint=hint)
    return _unless_running(found, f", which {written} names")


def _unless_running(pid: int, where: str) -> BadInput | None:
    if is_running(pid):
        return None
    return BadInput(f"no process {pid} runs{where}", hint="start it before the run, or mend this")
