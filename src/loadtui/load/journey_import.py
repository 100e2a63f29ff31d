"""A journey's file imported in a worker, and errors in it told to its author."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import traceback
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, cast

from loadtui.model.journey import Code
from loadtui.model.plain import printable

Function = Callable[[Any], Awaitable[object]]
"""An async function of one argument, the VU."""

LONGEST = 200
"""Characters of an error's own message that are shown."""


def imported(code: Code) -> Function:
    """The function, its file imported once a process; ValueError with a sentence when that fails.

    The folder of the file is searched for modules after everything else, so that a `random.py`
    there hides nothing.
    """
    path = Path(code.file)
    name = f"loadtui_journey_{path.stem}_{abs(hash(code.file)):x}"
    module = sys.modules.get(name) or _module(name, path, code)
    function = getattr(module, code.function, None)
    if function is None:
        raise ValueError(f"{code.shown}: the file has no function {code.function}")
    if not inspect.iscoroutinefunction(function):
        raise ValueError(f"{code.shown}: {code.function} is not async; write async def")
    try:
        inspect.signature(function).bind(None)
    except TypeError:
        raise ValueError(f"{code.shown}: {code.function} must take one argument, the vu") from None
    return cast("Function", function)


def _module(name: str, path: Path, code: Code) -> ModuleType:
    folder = str(path.parent)
    if folder not in sys.path:
        sys.path.append(folder)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{code.shown}: {path.name} is no Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's code may raise anything
        del sys.modules[name]
        traceback.print_exception(error)
        raise ValueError(f"{code.shown}: {told(error, folder)}") from None
    return module


def told(error: BaseException, folder: str) -> str:
    """`shop.py:12: KeyError: 'id'`: the innermost place in the author's files, type and message."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [(each.filename, each.lineno or 0) for each in frames]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((error.filename, error.lineno or 0))
    own = [each for each in places if is_own(each[0], folder)]
    file, line = own[-1] if own else ("", 0)
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    said = " ".join(message.split())
    said = said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
    where = f"{Path(file).name}:{line}: " if file else ""
    return printable(f"{where}{type(error).__name__}{': ' if said else ''}{said}")


def is_own(file: str, folder: str) -> bool:
    """Whether a file is one of the author's: in the journey's folder, and no installed package."""
    return file.startswith(folder) and "site-packages" not in file


def own_frames(frame: FrameType | None, folders: Iterable[str]) -> list[FrameType]:
    """The author's frames of a stack, innermost first."""
    found = []
    while frame is not None:
        if any(is_own(frame.f_code.co_filename, folder) for folder in folders):
            found.append(frame)
        frame = frame.f_back
    return found
