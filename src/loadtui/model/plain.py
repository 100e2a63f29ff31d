"""Text from outside made safe to show: a terminal must not obey what a server or a file says."""

from __future__ import annotations

from loadtui.model.units import NBSP


def printable(text: str) -> str:
    """The text with everything escaped that a terminal would act on instead of showing it."""
    return "".join(
        each if each.isprintable() or each == NBSP else each.encode("unicode_escape").decode()
        for each in text
    )
