"""What a profile is run for, as found in a run: a sentence, and the numbers in it."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One answer. `about`: a word for programs, such as "recovery" or "knee"; `text`: the sentence;
    `ok`: whether it is good news, None where it is neither; `values`: what programs read, seconds,
    milliseconds, shares 0..1 and bytes; None where it was not found out.
    """

    about: str
    text: str
    ok: bool | None = None
    values: dict[str, float | str | None] = {}
