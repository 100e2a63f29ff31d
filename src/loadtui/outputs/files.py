"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from loadtui.errors import BadInput, OutputFailed


def check(path: Path, flag: str) -> None:
    """Refuse a place where no file can ever be; raises BadInput. `flag`: what named it."""
    if path.is_dir():
        raise BadInput(f"{flag}: {path} is a folder", hint="name a file in it")
    if not path.parent.is_dir():
        raise BadInput(f"{flag}: there is no folder {path.parent}", hint=f"mkdir -p {path.parent}")


def write(path: Path, data: bytes) -> None:
    """Put `data` there in one step: a reader sees the old file or the whole new one.

    What is no regular file (a pipe, `/dev/stdout`) is written to as it is.

    Raises:
        OutputFailed: with the reason; no part of the file is left behind.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(path, data)
    except OSError as error:
        what = f"{path} was not written: {error.strerror}"
        raise OutputFailed(what, hint="the verdict stands without it") from error


def _replace(path: Path, data: bytes) -> None:
    path = path.resolve()  # a link stays one
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
