"""The journals of this machine: where they are, which one is meant, and their removal."""

from __future__ import annotations

from pathlib import Path

from loadtui.errors import BadInput

SUFFIX = ".ndjson"
LAST = "last"


def journals(folder: Path) -> list[Path]:
    """Every journal, the newest last: their names begin with the time of their start."""
    try:
        found = [path for path in folder.iterdir() if path.suffix == SUFFIX and path.is_file()]
    except OSError:
        return []
    return sorted(found, key=lambda path: path.name)


def meant(folder: Path, word: str) -> Path:
    """The journal that somebody means by a path, `last`, or the beginning of its name.

    Raises:
        BadInput: where there is none, or several.
    """
    if Path(word).suffix == SUFFIX or Path(word).is_file():
        return Path(word)
    known = journals(folder)
    if word == LAST and known:
        return known[-1]
    found = [path for path in known if path.stem == word] or [
        path for path in known if path.stem.startswith(word)
    ]
    hint = "`loadtui sessions` lists what there is"
    if not found or not word:
        raise BadInput(f"there is no session {word!r}", hint=hint)
    if len(found) > 1:
        raise BadInput(f"{word!r} begins the names of {len(found)} sessions", hint=hint)
    return found[0]
