"""What one iteration does: a list of requests, or a Python function."""

from __future__ import annotations

import msgspec

from loadtui.model.request import RequestTemplate
from loadtui.model.text import Text


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """An async function of a Python file, which each worker imports by itself.

    `file`: absolute path. `written`: how the operator named it, such as `shop.py:buy`. `place`:
    where that stands, as `file:line:column`, "" for the command line. `target`: base of relative
    URLs, "" for none. `headers`: of every request. `timeout`: seconds for a whole request. `once`:
    which of `setup` and `teardown` the file has, that are called once for a whole run.
    """

    file: str
    function: str
    written: str
    place: str = ""
    target: str = ""
    headers: tuple[tuple[str, Text], ...] = ()
    timeout: float = 60.0
    once: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """How a message begins that is about it."""
        return f"{self.place}: journey {self.written}" if self.place else f"journey {self.written}"

    def calling(self, function: str) -> Code:
        """The same file, for another function of it."""
        written = f"{self.written.partition('.py')[0]}.py:{function}"
        return msgspec.structs.replace(self, function=function, written=written)


ONCE = ("setup", "teardown")
"""Functions of a journey's file that no iteration calls (k6)."""


class Journey(msgspec.Struct, frozen=True):
    """An iteration by name: its requests in order, or code."""

    name: str
    requests: tuple[RequestTemplate, ...] = ()
    code: Code | None = None
