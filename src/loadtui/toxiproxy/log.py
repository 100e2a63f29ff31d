"""What the server says: one JSON object a line on its output, as the original does."""

from __future__ import annotations

import json
import logging
import sys
import time

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
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_Lines())
    _LOG.handlers[:] = [handler]
    _LOG.propagate = False
    _LOG.setLevel(LEVELS.get(level.lower() or "info", logging.INFO))
    if level and level.lower() not in LEVELS:
        say(logging.ERROR, f'unknown LOG_LEVEL value: "{level}"', known=", ".join(LEVELS))


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
