"""A value between its ends as a rail with a knob; or what is wrong with it."""

from __future__ import annotations

from loadtui.tui.draw.cells import Hue, Row, clean, cut, pen


def slider(share: float, cells: int, *, hue: Hue, ground: Hue, problem: str = "") -> Row:
    """The rail in that many cells; `share`: where the knob is, 0..1 and clamped."""
    if problem:
        return ((cut(f"✗ {clean(problem)}", cells), pen("bad", ground, bold=True)),)
    if cells < 3:
        return ()
    at = round(max(0.0, min(1.0, share)) * (cells - 1))
    hot = pen(hue, ground)
    return (("━" * at, hot), ("●", hot), ("─" * (cells - 1 - at), pen("line", ground)))
