"""Numbers as people read and write them: durations, counts, bytes, shares, latencies, addresses."""

from __future__ import annotations

import re
from math import isfinite

from loadtui.errors import BadInput

NBSP = "\u00a0"
NOTHING = "–"
"""Stands where nothing was measured."""

_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6}
_PART = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(ms|us|µs|[dhms])", re.ASCII)
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_MOMENT = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)", re.ASCII)
_TEN_YEARS = 10 * 366 * 86400.0
_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[\w.-]*)):(?P<port>\d{1,5})")


def parse_duration(text: str) -> float:
    """Seconds of a duration such as `500ms`, `1s`, `1m30s`, `4h`; `0` needs no unit.

    Raises:
        BadInput: for anything else; a bare number is refused with its two likely meanings.
    """
    written = text.strip()
    if written == "0":
        return 0.0
    if _NUMBER.fullmatch(written):
        hint = f"write {written}s or {written}ms" if written[0] != "-" else "it cannot be negative"
        raise BadInput(f"the duration {written} has no unit", hint=hint)
    parts = _PART.findall(written)
    if not parts or "".join(number + unit for number, unit in parts) != written:
        raise BadInput(f"{written!r} is not a duration", hint="write 500ms, 10s, 1m30s or 4h")
    total = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if total > _TEN_YEARS:
        raise BadInput(f"the duration {written} is longer than ten years", hint="shorten it")
    return total


def duration(value: float) -> str:
    """The shortest exact text that `parse_duration` reads back: `1m30s`, `2h`, `500ms`, `1.5s`."""
    millis = round(value * 1000)
    if millis < 1000:
        return f"{millis}ms" if millis or not value else f"{value * 1e6:.0f}us"
    text = ""
    for unit, size in (("h", 3_600_000), ("m", 60_000)):
        if millis >= size:
            text += f"{millis // size}{unit}"
            millis %= size
    return text + (f"{millis / 1000:g}s" if millis else "")


def grouped(count: float) -> str:
    """A whole number with no-break spaces between thousands."""
    return f"{count:,.0f}".replace(",", NBSP)


def moment(seconds: float) -> str:
    """Session seconds as mm:ss, from an hour on as h:mm:ss."""
    whole = max(0, int(seconds))
    text = f"{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{whole // 3600}:{text}" if whole >= 3600 else text


def parse_moment(text: str) -> float:
    """Session seconds of `02:10`, `1:02:10`, or a duration such as `130s`.

    Raises:
        BadInput: for anything else.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return parse_duration(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600.0 + minutes * 60.0 + seconds


def number(value: float) -> str:
    """A number with as many digits as say something: `71 528`, `214`, `8.4`, `0.35`."""
    size = abs(value)
    if not isfinite(value):
        return str(value)
    if size >= 99.95 or value == 0:
        return grouped(value)
    return f"{value:.1f}" if size >= 9.995 else f"{value:.2f}".rstrip("0").rstrip(".")


def milliseconds(value: float | None) -> str:
    """A latency in ms with its unit, seconds from a minute on: `0.35 ms`, `214 ms`, `95.0 s`."""
    if value is None:
        return NOTHING
    if value >= 60_000:
        return f"{number(value / 1000)}{NBSP}s"
    return f"{number(value)}{NBSP}ms"


def share(value: float | None) -> str:
    """A share 0..1 in per cent; never 0 % of something, never 100 % of not all."""
    if value is None:
        return NOTHING
    percent = value * 100
    if 0 < percent < 0.005:
        return f"<{NBSP}0.01{NBSP}%"
    digits = 2 if percent < 0.995 or 99.95 <= percent < 100 else 1
    shown = f"{percent:.{digits}f}"
    if value < 1 and float(shown) == 100:
        return f">{NBSP}99.99{NBSP}%"
    return (shown.rstrip("0").rstrip(".") or "0") + f"{NBSP}%"


def size(count: float) -> str:
    """Bytes in powers of 1000: `964 B`, `3.1 kB`, `1.2 GB`."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if abs(value) < 999.5:
            return f"{value:.0f}{NBSP}B" if unit == "B" else f"{number(value)}{NBSP}{unit}"
        value /= 1000
    return f"{number(value)}{NBSP}TB"


def header(text: str) -> tuple[str, str]:
    """Name and value of `Name: value`; whether both are usable is asked elsewhere.

    Raises:
        BadInput: where there is no colon or no name.
    """
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise BadInput(f"{text!r} is not a header", hint="write it as 'Name: value'")
    return name.strip(), value.strip()


def address(text: str) -> tuple[str, int]:
    """Host and port of `host:port` or `[v6]:port`.

    Raises:
        BadInput: for a URL, a missing host or port, or a port outside 1–65535.
    """
    if "://" in text:
        rest = text.partition("://")[2].partition("/")[0]
        raise BadInput(f"{text!r} is a URL, not an address", hint=f"write host:port, here {rest}")
    found = _ADDRESS.fullmatch(text)
    if found is None:
        raise BadInput(f"{text!r} is not an address", hint="write host:port, such as 127.0.0.1:80")
    host, port = found["v6"] or found["host"], int(found["port"])
    if not host:
        hint = f"write 127.0.0.1:{port}, or the address that is meant"
        raise BadInput(f"the address {text!r} names no host", hint=hint)
    if not 1 <= port <= 65535:
        raise BadInput(f"the port {port} does not exist", hint="ports go from 1 to 65535")
    return host, port
