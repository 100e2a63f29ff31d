"""What the terminal can draw: braille, else blocks, else ASCII; and everything painted with that.

One filter over all lines, so that dialogs, toasts and the palette follow as charts do.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from loadtui.tui.draw.ascii import ASCII
from loadtui.tui.draw.blocks import BLOCKS
from loadtui.tui.setup import Charset

_TABLES: Mapping[Charset, Mapping[int, str]] = {"braille": {}, "blocks": BLOCKS, "ascii": ASCII}


class CharsetFilter(LineFilter):
    """Draws with the signs of a charset; every sign keeps its width."""

    def __init__(self, charset: Charset) -> None:
        super().__init__(enabled=charset != "braille")
        self._charset: Charset = charset

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        return [
            segment
            if segment.text.isascii()
            else Segment(drawn(segment.text, self._charset), segment.style, segment.control)
            for segment in segments
        ]


def drawn(text: str, charset: Charset) -> str:
    """The text with the signs of a charset. In ASCII a letter that has none becomes "?"."""
    shown = text.translate(_TABLES[charset])
    if charset != "ascii" or shown.isascii():
        return shown
    return "".join(each if each.isascii() else "?" * cell_len(each) for each in shown)
