"""The journals of this machine: where they are, and which one is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def meant(folder: Path, word: str, names: Callable[[], Mapping[str, str]]) -> Path:
    """The journal that somebody means by a path, `last`, an id or its beginning, or by its name.

    `names`: the ids of sessions by the names they were given.

    Raises:
        BadInput: where there is none, or several.
    """
    if "/" in word or word.endswith(SUFFIX) or Path(word).is_file():
        return Path(word)
    known = {path.stem: path for path in journals(folder)}
    if word == LAST and known:
        return known[max(known)]
    found = [known[word]] if word in known else [known[e] for e in known if e.startswith(word)]
    hint = "`loadtui sessions` lists what there is"
    if len(found) > 1:
        raise BadInput(f"{word!r} begins the ids of {len(found)} sessions", hint=hint)
    if not found and (named := names().get(word)) in known:
        found = [known[str(named)]]
    if not found:
        raise BadInput(f"there is no session {word!r}", hint=hint)
    return found[0]
