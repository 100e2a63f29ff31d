"""A terminal picture as SVG: lines, blocks and braille as geometry, as good terminals draw them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style

CELL, ROW = 10, 21
_SIZE = 16.6
_FONTS = "'JetBrains Mono','DejaVu Sans Mono','DejaVu Sans'"
_INK, _PAPER = ColorTriplet(230, 230, 230), ColorTriplet(14, 17, 23)
# Strokes from a cell's middle: up, down, left, right; capitals are heavy.
_STROKES = {
    "─": "lr", "━": "LR", "│": "ud", "┃": "UD", "┫": "UDL", "╰": "ur", "╯": "ul", "╭": "dr",
    "╮": "dl", "┌": "dr", "┐": "dl", "└": "ur", "┘": "ul", "├": "udr", "┤": "udl", "╵": "u",
    "╷": "d", "╴": "l", "╶": "r", "╸": "L", "╺": "R",
}  # fmt: skip
_DASHES = {"╌": (2, 0.38, 1.6), "┈": (4, 0.12, 1.0)}
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))


def _rect(x: float, y: float, wide: float, high: float, fill: str) -> str:
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="{high:.2f}" fill="{fill}"/>'


def _strokes(arms: str, x: float, y: float, fill: str) -> str:
    out = []
    middle_x, middle_y = x + CELL / 2, y + ROW / 2
    for arm in arms:
        thick = 3.0 if arm.isupper() else 1.2
        half = thick / 2
        side = arm.lower()
        if side in "ud":
            top = y if side == "u" else middle_y - half
            out.append(_rect(middle_x - half, top, thick, ROW / 2 + half, fill))
        else:
            left = x if side == "l" else middle_x - half
            out.append(_rect(left, middle_y - half, CELL / 2 + half, thick, fill))
    return "".join(out)


def _block(ch: str, x: float, y: float, fill: str) -> str:
    code = ord(ch)
    if 0x2581 <= code <= 0x2588:
        high = ROW * (code - 0x2580) / 8
        return _rect(x, y + ROW - high, CELL, high, fill)
    if ch == "▀":
        return _rect(x, y, CELL, ROW / 2, fill)
    parts = {"▌": 0.5, "▊": 0.75, "▎": 0.25, "▍": 0.375, "▋": 0.625, "▉": 0.875, "▏": 0.125}
    if ch in parts:
        return _rect(x, y, CELL * parts[ch], ROW, fill)
    return _rect(x + CELL / 2, y, CELL / 2, ROW, fill) if ch == "▐" else ""


def _braille(code: int, x: float, y: float, fill: str) -> str:
    spots = (spot for bit, spot in enumerate(_DOTS) if code >> bit & 1)
    return "".join(
        f'<circle cx="{x + CELL * (0.25 + 0.5 * a):.2f}" cy="{y + ROW * (0.125 + 0.25 * b):.2f}"'
        f' r="1.45" fill="{fill}"/>'
        for a, b in spots
    )


def _glyph(ch: str, x: float, y: float, fill: str, *, bold: bool) -> str:
    code = ord(ch)
    if 0x2800 < code <= 0x28FF:
        return _braille(code, x, y, fill)
    if ch in _STROKES:
        return _strokes(_STROKES[ch], x, y, fill)
    if ch == "┊":
        return "".join(
            _rect(x + CELL / 2 - 0.7, y + ROW * (0.05 + 0.25 * i), 1.4, ROW * 0.14, fill)
            for i in range(4)
        )
    if ch in _DASHES:
        count, share, thick = _DASHES[ch]
        step = CELL / count
        return "".join(
            _rect(x + step * (i + 0.1), y + ROW / 2 - thick / 2, CELL * share, thick, fill)
            for i in range(count)
        )
    if block := _block(ch, x, y, fill):
        return block
    small = ' font-size="13.5"' if "①" <= ch <= "⑳" else ""
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x + CELL / 2}" y="{y + 15.8}" fill="{fill}"{small}{weight}>{escape(ch)}</text>'
    )


def _hex(style: Style, *, ground: bool) -> str:
    colour = style.bgcolor if ground != bool(style.reverse) else style.color
    default = _PAPER if ground else _INK
    return (default if colour is None or colour.is_default else colour.get_truecolor()).hex


def _line(line: list[Segment], row: int) -> Iterator[tuple[str, str]]:
    x = 0
    for segment in line:
        style = segment.style or Style.null()
        ink, ground = _hex(style, ground=False), _hex(style, ground=True)
        cells = segment.cell_length
        under = _rect(x * CELL, row * ROW, cells * CELL + 0.4, ROW + 0.4, ground)
        over = "".join(
            _glyph(ch, (x + at) * CELL, row * ROW, ink, bold=bool(style.bold))
            for at, ch in enumerate(segment.text)
            if ch not in " \u00a0\n"
        )
        yield under, over
        x += cells


def svg(segments: list[Segment], width: int, height: int) -> str:
    """The picture of a whole screen, given as segments in reading order."""
    lines = Segment.split_and_crop_lines(segments, width, include_new_lines=False)
    parts = [part for row, line in enumerate(lines) for part in _line(list(line), row)]
    under, over = "".join(u for u, _ in parts), "".join(o for _, o in parts)
    style = f"font-family:{_FONTS};font-size:{_SIZE}px;text-anchor:middle"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * CELL}" height="{height * ROW}"'
        f' text-rendering="geometricPrecision" style="{style}">{under}{over}</svg>'
    )
