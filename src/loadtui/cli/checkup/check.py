"""One thing that `loadtui doctor` looked at: how it is, and what to do where it is not well."""

from __future__ import annotations

from typing import Literal

import msgspec

State = Literal["ok", "warn", "fail"]
"""`warn`: works, with less; `fail`: something will not work."""


class Check(msgspec.Struct, frozen=True):
    """`area`: the heading it stands under. `found`: what is there, `todo`: what to do, or ""."""

    area: str
    name: str
    state: State
    found: str
    todo: str = ""


def ok(area: str, name: str, found: str) -> Check:
    """All is well."""
    return Check(area, name, "ok", found)


def warn(area: str, name: str, found: str, todo: str) -> Check:
    """It works, with less."""
    return Check(area, name, "warn", found, todo)


def fail(area: str, name: str, found: str, todo: str) -> Check:
    """It does not work."""
    return Check(area, name, "fail", found, todo)
