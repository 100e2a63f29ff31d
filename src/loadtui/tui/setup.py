"""What a screen is started with. Importing this module does not import Textual."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

import msgspec

Charset = Literal["braille", "blocks", "ascii"]
"""What charts and signs are drawn with."""
CHARSETS: tuple[Charset, ...] = get_args(Charset)


Colours = Literal[16, 256, 16_777_216]
"""How many colours a terminal shows."""
TRUE_COLOUR: Colours = 16_777_216


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """`theme`: None picks one. `home`: the folder with the operator's keymap.yaml and themes, None
    for neither. `scenarios`: files that the palette offers to open. `presenter`: begin in presenter
    mode. `record`: where the screen is recorded. `secrets`: texts that are never shown.
    """

    theme: str | None = None
    charset: Charset = "braille"
    colours: Colours = TRUE_COLOUR
    mouse: bool = True
    home: Path | None = None
    scenarios: tuple[Path, ...] = ()
    presenter: bool = False
    record: Path | None = None
    secrets: tuple[str, ...] = ()


_PLAIN_TERMINALS = frozenset({"linux", "vt100", "vt102", "vt220", "dumb"})


def charset_of(environment: Mapping[str, str]) -> Charset:
    """What a terminal can draw, as far as its name and the locale tell.

    ASCII for the Linux console and for locales without UTF-8; where no locale is set, braille.
    """
    if environment.get("TERM", "") in _PLAIN_TERMINALS:
        return "ascii"
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next(filter(None, names), "")
    is_utf8 = "utf" in locale.lower()
    return "braille" if is_utf8 or not locale else "ascii"


_SYSTEMS: Mapping[str, Colours] = {"standard": 16, "256": 256, "truecolor": TRUE_COLOUR}


def colours_of(environment: Mapping[str, str]) -> Colours:
    """How many colours a terminal shows, as far as COLORTERM and TERM tell (Rich's own rule)."""
    if (forced := environment.get("TEXTUAL_COLOR_SYSTEM", "auto").lower()) in _SYSTEMS:
        return _SYSTEMS[forced]
    if environment.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
        return TRUE_COLOUR
    kind = environment.get("TERM", "").strip().lower().rpartition("-")[2]
    return 256 if kind in {"256color", "kitty"} else 16
