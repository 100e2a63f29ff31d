"""Fail where a tracked file carries what belongs to one machine or one package registry.

Usage: `python scripts/guard.py`, in the checkout. Prints `file:line: what` and ends with 1 for a
lock file that holds download addresses, an index or download address, or a path of this machine.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LOCK_FILES = frozenset({"uv.lock", "poetry.lock", "pdm.lock", "package-lock.json", "yarn.lock"})

_ADDRESS = re.compile(
    r"""^\s*-i\s|--(?:extra-)?index-url|--find-links|\bGOPROXY=|https?://\S+/simple\b
    |https?://\S+\.(?:whl|tar\.gz)\b|"resolved":\s*"http|\bregistry\s*=\s*"?http""",
    re.VERBOSE,
)
_HOME = re.compile(r"(?<![\w.~-])/(?:home|Users)/[a-z]\w*/|(?<![\w.~-])/root/")


def offences(name: str, text: str, here: str) -> Iterator[str]:
    """Yield `file:line: what` for the text of the file `name` in a checkout at the path `here`."""
    if Path(name).name in LOCK_FILES:
        yield f"{name}:1: a lock file with download addresses; pins live in requirements/"
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if _ADDRESS.search(line):
            yield f"{name}:{number}: names a package index or a download address"
        if _HOME.search(line) or here in line:
            yield f"{name}:{number}: carries a path of one machine"


def tracked() -> Iterator[tuple[str, str]]:
    """Yield name and text of every tracked text file of the checkout."""
    listing = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True).stdout
    for name in filter(None, listing.decode().split("\0")):
        path = Path(name)
        if not path.is_file() or name == "scripts/guard.py":
            continue  # deleted but not yet committed, or this list of patterns itself
        data = path.read_bytes()
        if b"\0" not in data:
            yield name, data.decode("utf-8", "replace")


def main() -> int:
    """Print what must not be committed; return the exit code."""
    here = str(Path.cwd())
    found = [line for name, text in tracked() for line in offences(name, text, here)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
