"""Versions, and what earlier sessions left."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from loadtui import __version__
from loadtui.chaos.ledger_file import is_held, ledger_files, leftovers
from loadtui.cli.checkup.check import Check, fail, ok, warn
from loadtui.demo.needs import check_needs
from loadtui.demo.postgres import find_programs
from loadtui.errors import BadInput, SetupFailed

AREA, SESSIONS = "installed", "sessions"
PACKAGES = ("textual", "click", "httptools", "uvloop", "httpx", "pydantic", "toxiproxy-python")


def installed() -> Iterator[Check]:
    """Versions of what matters, and whether the demo can run."""
    found = f"{__version__} on Python {platform.python_version()}, {platform.system()}"
    yield ok(AREA, "loadtui", found)
    yield packages(PACKAGES)
    try:
        check_needs()
        find_programs()
    except SetupFailed as error:
        yield warn(AREA, "demo", error.what, error.hint)
    else:
        yield ok(AREA, "demo", "everything is there")


def packages(names: tuple[str, ...]) -> Check:
    """Their versions; one that is missing will be missed."""
    found, missing = [], []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return fail(AREA, "packages", f"missing: {', '.join(missing)}", "install loadtui again")
    return ok(AREA, "packages", ", ".join(found))


def sessions(state_dir: Path) -> Iterator[Check]:
    """Sessions that run now, and faults that dead ones may have left on."""
    alive = sum(1 for path in ledger_files(state_dir) if is_held(path))
    if alive:
        yield ok(SESSIONS, "sessions", f"{alive} running; loadtui panic stops what they do")
    if left := leftovers(state_dir):
        what = ", ".join(sorted({entry.change.proxy for entry in left}))
        found = f"{len(left)} of an earlier session may still be on: {what}"
        yield warn(SESSIONS, "faults", found, "loadtui panic --leftovers")
    else:
        yield ok(SESSIONS, "faults", "none is left over")


def folder(name: str, path: Path) -> Check:
    """Whether that folder, or the nearest one above it that exists, can be written."""
    existing = next(each for each in (path, *path.parents) if each.exists())
    probe = existing / ".loadtui-writable"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        todo = "mend its rights; without it no session starts"
        return fail(SESSIONS, name, f"{path} cannot be written: {error.strerror}", todo)
    return ok(SESSIONS, name, str(path))


def state(path: Path) -> Iterator[Check]:
    """The folder of ledgers, and what is in it."""
    checked = folder("ledgers", path)
    yield checked
    if checked.state == "ok":
        try:
            yield from sessions(path)
        except (BadInput, OSError) as error:
            yield fail(
                SESSIONS, "faults", f"the ledgers cannot be read: {error}", "mend their rights"
            )
