"""One request of an iteration as the file describes it: what to send, what must hold, what to
keep.
"""

from __future__ import annotations

from typing import Any

import msgspec

from loadtui.model.text import Text
from loadtui.model.upload import Upload

Range = tuple[int, int]
"""Both ends included."""


class Check(msgspec.Struct, frozen=True):
    """A yes/no assertion on one response; all that is given must hold. `json_path` is JMESPath.

    `statuses`: empty means any. `json_is`/`header_is` None with a path/name given: present and not
    null. `duration`: at most that many seconds.
    """

    name: str
    statuses: tuple[Range, ...] = ()
    json_path: str = ""
    json_is: Any = None
    header: str = ""
    header_is: str | None = None
    body: str = ""
    duration: float | None = None


class Think(msgspec.Struct, frozen=True):
    """Think time after a request: seconds, uniform between both ends."""

    low: float = 0.0
    high: float = 0.0


class RequestTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A named request. `url` is absolute once its variables are filled in.

    `save`: name → JMESPath into the response's JSON. `count`: metric → name of the check that must
    pass. `expect`: statuses that are not failures. `timeout`: seconds for the whole request.
    `uploads`: files in place of `body`; with names of their own they are parts of a multipart form,
    beside its `fields`, kept apart by `boundary`.
    """

    name: str
    method: str = "GET"
    url: Text
    headers: tuple[tuple[str, Text], ...] = ()
    body: Text | None = None
    uploads: tuple[Upload, ...] = ()
    fields: tuple[tuple[str, Text], ...] = ()
    boundary: str = ""
    tags: dict[str, str] = {}
    checks: tuple[Check, ...] = ()
    save: dict[str, str] = {}
    count: dict[str, str] = {}
    think: Think = Think()
    expect: tuple[Range, ...] = ((200, 399),)
    timeout: float = 60.0
