"""The screen as a recording that players of asciinema show: asciicast v2.

Format: https://docs.asciinema.org/manual/asciicast/v2/. One JSON value a line: a header, then
`[seconds, "o", text]` for what was painted and `[seconds, "r", "80x24"]` for another size.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TextIO

from loadtui.errors import BadInput

Size = tuple[int, int]
"""Columns, rows."""


class Asciicast:
    """Writes a recording; a disk that refuses ends it, never the screen."""

    def __init__(self, file: TextIO, clock: Callable[[], float], size: Callable[[], Size]) -> None:
        """Write into `file`. `clock`: seconds; `size`: asked at each writing."""
        self._file, self._clock, self._size = file, clock, size
        self._began, self._known = clock(), size()
        self.problem = ""

    def header(self, wall: float, environment: Mapping[str, str]) -> None:
        """The first line; `wall`: Unix seconds."""
        columns, rows = self._known
        term = {"TERM": environment.get("TERM", "")}
        line = {"version": 2, "width": columns, "height": rows, "timestamp": int(wall), "env": term}
        self._write(line)

    def painted(self, text: str) -> None:
        """That was written to the terminal just now."""
        now = round(self._clock() - self._began, 6)
        if (size := self._size()) != self._known:
            self._known = size
            self._write([now, "r", f"{size[0]}x{size[1]}"])
        self._write([now, "o", text])

    def _write(self, line: object) -> None:
        self._try(lambda: self._file.write(json.dumps(line, ensure_ascii=False) + "\n"))

    def _try(self, act: Callable[[], object]) -> None:
        if self.problem:
            return
        try:
            act()
        except (OSError, ValueError) as error:
            self.problem = f"the recording ended: {error}"


def create(path: Path) -> TextIO:
    """Open a file for a recording, for its owner alone, each line written at once, so that it
    outlives a kill; raises BadInput.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadInput(f"--record {path}: {error.strerror}", hint="name another file") from None
    return os.fdopen(handle, "w", buffering=1, encoding="utf-8", errors="surrogateescape")
