"""What the server says: one JSON object a line on its output, as the original does."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import TextIO

_LOG = logging.getLogger("loadtui.toxiproxy")
LEVELS = {
    "panic": logging.CRITICAL,
    "fatal": logging.CRITICAL,
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": logging.DEBUG,
}
_NAMES = {logging.CRITICAL: "fatal", logging.WARNING: "warn"}


def say(level: int, message: str, **fields: object) -> None:
    """Write one line, unless the level is below the one asked for."""
    _LOG.log(level, message, extra={"fields": fields})


def debugging() -> bool:
    """Whether every request is written down."""
    return _LOG.isEnabledFor(logging.DEBUG)


def set_up(level: str) -> None:
    """Write to the standard output from `level` on; an unknown one is said and means info."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # JSON is UTF-8 whatever the terminal speaks
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    handler = _Output(sys.stdout)
    handler.setFormatter(_Lines())
    _LOG.handlers[:] = [handler]
    _LOG.propagate = False
    _LOG.setLevel(LEVELS.get(level.lower() or "info", logging.INFO))
    if level and level.lower() not in LEVELS:
        say(logging.ERROR, f'unknown LOG_LEVEL value: "{level}"', known=", ".join(LEVELS))


class _Output(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Give up an output that cannot be written, such as a pipe whose reader has left."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)
            return
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), self.stream.fileno())


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        line = {
            "level": _NAMES.get(record.levelno, record.levelname.lower()),
            **{name: _plain(value) for name, value in fields.items()},
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "message": record.getMessage(),
        }
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float) else str(value)
