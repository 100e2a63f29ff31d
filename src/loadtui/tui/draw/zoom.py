"""How far back the charts reach: 30 s, 2 min, 10 min, or the whole session."""

from __future__ import annotations

from typing import Literal

Zoom = Literal["30s", "2min", "10min", "all"]
ZOOMS: tuple[Zoom, ...] = ("30s", "2min", "10min", "all")

_SECONDS: dict[Zoom, float] = {"30s": 30.0, "2min": 120.0, "10min": 600.0}
_HOUR = 3600.0
_WHOLE = (120.0, 300.0, 600.0, 1200.0, 1800.0, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 12 * _HOUR)
_DAY = 24 * _HOUR


def seconds_of(zoom: Zoom, now: float) -> float:
    """Seconds that the axis shows. A whole session is shown in steps, so that nothing shimmers
    while it grows.
    """
    if zoom != "all":
        return _SECONDS[zoom]
    days = max(1.0, -(-now // _DAY))
    return next((step for step in _WHOLE if step >= now), days * _DAY)


def zoomed(zoom: Zoom, by: int) -> Zoom:
    """The next one, further back (1) or nearer (-1); the last one stays."""
    return ZOOMS[max(0, min(ZOOMS.index(zoom) + by, len(ZOOMS) - 1))]


def note(zoom: Zoom, scale: str, tabs: str) -> str:
    """What a chart's head says: which of several it is, how far back it reaches, its scale."""
    words = (tabs, zoom.replace("min", "m")) if tabs else (zoom, scale)
    return " ".join(word for word in words if word)
