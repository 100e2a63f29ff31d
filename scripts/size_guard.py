"""Fail where a module or a function has outgrown the house: 300 and 40 lines.

Usage: `python scripts/size_guard.py [FOLDER …]`, by default `src`. Prints one `file:line: what` for
every offender and ends with 1 when there is one. Lines are physical lines, a function's decorators
and docstring included: what a reader scrolls past is what counts.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES = 300
FUNCTION_LINES = 40

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def offences(path: Path) -> Iterator[str]:
    """Yield `file:line: what` for everything in the module at `path` that is too long."""
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if lines > MODULE_LINES:
        yield f"{path}:{MODULE_LINES + 1}: module has {lines} lines, at most {MODULE_LINES}"
    for node in ast.walk(ast.parse(text, filename=str(path))):
        if isinstance(node, _FUNCTIONS):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            length = (node.end_lineno or first) - first + 1
            if length > FUNCTION_LINES:
                yield f"{path}:{first}: {node.name} has {length} lines, at most {FUNCTION_LINES}"


def main(folders: list[str]) -> int:
    """Print the offenders below `folders`; return the exit code."""
    paths = sorted(path for folder in folders for path in Path(folder).rglob("*.py"))
    found = [line for path in paths for line in offences(path)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["src"]))
