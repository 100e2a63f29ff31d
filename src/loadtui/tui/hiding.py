"""What an audience is not to read: secrets always; in presenter mode addresses and paths, too.

One filter over all lines, so that dialogs, toasts and the palette follow as panes do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

DOT = "•"
SHORTEST = 4
"""Characters from which on a secret is hidden: shorter ones would blot out ordinary words."""
_ROOTS = "home|Users|root|tmp|var|etc|opt|usr|mnt|media|srv|run|private|Volumes"
_ADDRESS = (
    r"[a-z][a-z0-9+.-]*://[^\s'\"]*"  # a URL, with whoever logs in
    r"|[\w.%+-]+(?::[^\s@]*)?@[\w.-]+"  # user:password@host
    r"|(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.])"
    r"|\[[0-9a-f:.]*:[0-9a-f:.]*\](?::\d{1,5})?"
    r"|(?<![\w.-])[a-z][\w-]*(?:\.[\w-]+)*:\d{2,5}(?![\w:])"  # host:port
)
_PATH = rf"(?<![\w.])(?:~/|/(?:{_ROOTS})\b)[^\s'\",;)]*"


def pattern(secrets: Iterable[str], *, presenting: bool, places: Iterable[str] = ()) -> str:
    """The regular expression of all that is hidden, "" for nothing; `places`: folders, hosts."""
    known = sorted({each for each in secrets if len(each) >= SHORTEST}, key=len, reverse=True)
    parts = [re.escape(each) for each in known]
    if presenting:
        parts += [_ADDRESS, _PATH]
        parts += [rf"{re.escape(each)}[^\s'\",;)]*" for each in places if len(each) >= SHORTEST]
    return "|".join(parts)


def hidden(text: str, what: re.Pattern[str]) -> str:
    """The text with dots, as wide as what they stand for."""
    return what.sub(lambda found: DOT * cell_len(found[0]), text)


class HidingFilter(LineFilter):
    """Puts dots over what matches, even where it is painted in several colours."""

    def __init__(self, secrets: tuple[str, ...], home: Path, here: Path) -> None:
        super().__init__()
        self._secrets = secrets
        self._places = tuple(str(each) for each in (home, here) if len(each.parts) > 1)
        self.presenting(on=False, hosts=())

    def presenting(self, *, on: bool, hosts: Iterable[str]) -> None:
        """Hide addresses, too, or no longer; `hosts`: names that look like words."""
        source = pattern(self._secrets, presenting=on, places=(*self._places, *hosts))
        self._what = re.compile(source, re.IGNORECASE) if source else None
        self.enabled = self._what is not None

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        if self._what is None:
            return segments
        line = "".join(segment.text for segment in segments)
        spans = [found.span() for found in self._what.finditer(line)]
        return _dotted(segments, spans) if spans else segments


def _dotted(segments: list[Segment], spans: list[tuple[int, int]]) -> list[Segment]:
    covered = {index for start, end in spans for index in range(start, end)}
    out, at = [], 0
    for segment in segments:
        text = "".join(
            DOT * cell_len(ch) if index in covered else ch
            for index, ch in enumerate(segment.text, at)
        )
        at += len(segment.text)
        out.append(Segment(text, segment.style, segment.control))
    return out
