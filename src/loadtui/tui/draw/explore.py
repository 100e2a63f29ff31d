"""The large chart and the lines around it, as rows."""

from __future__ import annotations

from itertools import groupby

from loadtui.model.history import History
from loadtui.tui.draw.cells import Hue, Row, Rows, clean, cut, fit, pen
from loadtui.tui.draw.figures import clock, plural

_FAULT = frozenset("┊①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
"""The signs of a fault's line and number."""
KEYS = (
    ("↑↓", "what"),
    ("←→", "against what"),
    ("l", "log or linear"),
    ("w", "write text and SVG"),
    ("esc", "back"),
)


def heading(history: History, up: str, along: str, cells: int, *, log: bool) -> Row:
    """What is drawn, of which requests, over how long."""
    of = f" of {clean(history.name)}" if history.name else ""
    length = clock(history.points[-1].at) if history.points else clock(0)
    scale = ", log" if log else ""
    told = f" {up}{scale}{of} against {along}"
    rest = f"   whole session, {length} · {plural(len(history.points), 'point')}"
    hand = pen("accent", bold=True)
    return (cut(told, cells), hand), (cut(rest, max(0, cells - len(told))), pen("quiet"))


def body(text: str, hue: Hue, cells: int, height: int) -> Rows:
    """The chart's rows: dots in the colour of what is drawn, scales quiet."""
    lines = text.splitlines() or ["", "  Nothing to draw yet: too little was measured."]
    return tuple(_coloured(line, hue, cells) for line in lines[:height])


def _coloured(line: str, hue: Hue, cells: int) -> Row:
    def role(sign: str) -> Hue:
        if "\u2801" <= sign <= "\u28ff":
            return hue
        return "fault" if sign in _FAULT else "quiet"

    return tuple(("".join(run), pen(of)) for of, run in groupby(fit(line, cells), key=role))


def keys(cells: int) -> Row:
    """What keys do here, as many as fit."""
    out: list[tuple[str, Hue]] = []
    room = cells
    for sign, words in KEYS:
        room -= len(sign) + len(words) + 4
        if room < 0:
            break
        out += [(f" {sign} ", "accent"), (f"{words}  ", "quiet")]
    return tuple((text, pen(hue, bold=hue == "accent")) for text, hue in out)
