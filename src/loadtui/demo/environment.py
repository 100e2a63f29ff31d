"""What the demo's processes are told through their environment, and what they must not inherit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

KEY, DSN = "LOADTUI_DEMO_API_KEY", "LOADTUI_DEMO_DATABASE"
"""The orders API's key and its database: not arguments, which `ps` shows to everybody."""


def child_environment(inherited: Mapping[str, str], *, own_database: bool) -> dict[str, str]:
    """The environment of every part.

    Output is not held back, so that a log ends with the last words. With a database of our own no
    PG… variable of the operator's may point its processes or its client elsewhere.
    """
    kept = {
        name: value
        for name, value in inherited.items()
        if not (own_database and name.startswith("PG"))
    }
    # A relative entry would mean something else in another working directory.
    path = kept.get("PYTHONPATH")
    if path:
        kept["PYTHONPATH"] = os.pathsep.join(
            str(Path(each).absolute()) for each in path.split(os.pathsep)
        )
    return {**kept, "PYTHONUNBUFFERED": "1"}
