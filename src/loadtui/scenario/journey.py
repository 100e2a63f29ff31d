"""`file.py[:function]`: found and looked at before the first request, without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from loadtui.errors import BadInput
from loadtui.model.journey import ONCE, Code
from loadtui.model.suggest import nearest

LARGEST = 1_000_000
"""Bytes of a file that may be a journey."""

USUAL = ("main", "default")
"""Functions that are meant where none is named and there are several."""

_WRITTEN = re.compile(r"(?P<file>.*\.py)(?::(?P<function>\w+))?", re.DOTALL)

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Names(msgspec.Struct, frozen=True):
    """What a file binds at its top. `is_open`: a star import may bind anything."""

    functions: dict[str, _Function]
    others: frozenset[str]
    is_open: bool


def is_journey(written: str) -> bool:
    """Whether that is the form of a journey's name."""
    return _WRITTEN.fullmatch(written) is not None


def find(written: str, folder: Path) -> Code:
    """The code that is meant, as far as it can be told without running it.

    Names that are imported or assigned are left to the workers, who run the file.

    Raises:
        BadInput: for no file, no Python, no such function, or one that cannot be a journey.
    """
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise BadInput(f"{written!r} names no journey", hint="write shop.py or shop.py:buy")
    path = folder / found["file"]
    names = _names(_tree(written, path, folder))
    function = found["function"] or _only(written, names)
    _check(written, function, names)
    return Code(
        file=str(path.resolve()), function=function, written=written, once=_once(written, names)
    )


def _tree(written: str, path: Path, folder: Path) -> ast.Module:
    try:
        if not path.is_file():
            hint = f"paths are relative to {folder.resolve()}"
            raise BadInput(f"journey {written}: there is no file {path.name}", hint=hint)
        if path.stat().st_size > LARGEST:
            raise BadInput(f"journey {written}: the file is too large", hint="split it")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"journey {written}: it cannot be read: {why}", hint="") from None
    try:
        return ast.parse(data, str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        why = error.msg if isinstance(error, SyntaxError) else str(error)
        line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        what = f"journey {written}: {path.name}{line}: {type(error).__name__}: {why}"
        raise BadInput(what, hint="mend it") from None


def _names(tree: ast.Module) -> Names:
    functions: dict[str, _Function] = {}
    others: set[str] = set()
    for node in _statements(tree.body):
        if isinstance(node, _Function):
            functions[node.name] = node
            if node.decorator_list:  # what it becomes, only running it tells
                others.add(node.name)
            continue
        others |= {name for name in _bound(node) if name != "*"}
    is_open = any(
        alias.name == "*"
        for node in _statements(tree.body)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )
    return Names(functions, frozenset(others), is_open)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements at the top of a file, those within if, try, with and loops too."""
    for node in body:
        yield node
        if isinstance(node, _Function | ast.ClassDef):
            continue
        for field in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(node, field, []))
        for handler in getattr(node, "handlers", []):
            yield from _statements(handler.body)


def _bound(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
        case ast.ClassDef(name=name):
            yield name
        case _:
            for each in ast.walk(node):
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                    yield each.id


def _only(written: str, names: Names) -> str:
    """The function that is meant where none is named."""
    public = [
        name
        for name, node in names.functions.items()
        if isinstance(node, ast.AsyncFunctionDef) and not name.startswith("_") and name not in ONCE
    ]
    if len(public) == 1:
        return public[0]
    for name in USUAL:
        if name in public or (not public and name in names.others):
            return name
    if not public:
        hint = "write async def main(vu): …"
        raise BadInput(f"journey {written}: the file has no async function", hint=hint)
    hint = f"write {written}:{public[0]}"
    several = ", ".join(public)
    raise BadInput(f"journey {written}: the file has several functions: {several}", hint=hint)


def _once(written: str, names: Names) -> tuple[str, ...]:
    """Which functions there are that are called once a run; they must be as a journey must."""
    found = tuple(name for name in ONCE if name in names.functions or name in names.others)
    for name in found:
        _check(written, name, names)
    return found


def _check(written: str, name: str, names: Names) -> None:
    node = names.functions.get(name)
    if name in names.others or (node is None and names.is_open):
        return
    if node is None:
        known = [
            each for each, one in names.functions.items() if isinstance(one, ast.AsyncFunctionDef)
        ]
        hint = f"there are {', '.join(known)}" if known else f"write async def {name}(vu): …"
        hint = f"did you mean {near}?" if (near := nearest(name, known)) else hint
        raise BadInput(f"journey {written}: the file has no function {name}", hint=hint)
    if not isinstance(node, ast.AsyncFunctionDef):
        hint = f"write async def {name}"
        raise BadInput(f"journey {written}: {name} is not async", hint=hint)
    if not _takes_one(node.args):
        hint = f"write async def {name}(vu)"
        raise BadInput(f"journey {written}: {name} must take one argument, the vu", hint=hint)


def _takes_one(args: ast.arguments) -> bool:
    taken = len(args.posonlyargs) + len(args.args)
    needed = taken - len(args.defaults)
    has_needed_names = any(default is None for default in args.kw_defaults)
    return needed <= 1 and (taken >= 1 or args.vararg is not None) and not has_needed_names
