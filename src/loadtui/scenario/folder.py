"""The scenario files that lie in a folder, told from other YAML by their keys."""

from __future__ import annotations

import re
from pathlib import Path

MOST = 100
"""Files that are looked into; a folder with more is no folder of scenarios."""
_BEGINNING = 65_536
_KEYS = re.compile(rb"^(?:requests|journey|journeys|extends)[ \t]*:", re.MULTILINE)


def scenarios_in(*folders: Path) -> tuple[Path, ...]:
    """The files that look like scenarios, by name, folder after folder."""
    found = (path for folder in folders for path in _yaml(folder))
    return tuple(path for path in found if _is_scenario(path))


def _yaml(folder: Path) -> list[Path]:
    try:
        names = sorted(each for each in folder.iterdir() if each.suffix in {".yaml", ".yml"})
    except OSError:
        return []
    return names[:MOST]


def _is_scenario(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return _KEYS.search(stream.read(_BEGINNING)) is not None
    except OSError:
        return False
