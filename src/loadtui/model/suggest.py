"""Did-you-mean: the known word nearest to what was written."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """The known word most like `word`, "" when none is at least so alike (0..1)."""
    by_fold = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=likeness)
    return by_fold[found[0]] if found else ""


def advice(word: str, known: Iterable[str]) -> str:
    """What to do about an unknown word: the nearest known one, else all of them."""
    names = sorted(known)
    if near := nearest(word, names):
        return f"did you mean {near}?"
    return f"known: {', '.join(names)}" if names else "there is none"
