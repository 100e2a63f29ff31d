"""`loadtui import KIND FILE`: a scenario from what there already is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from loadtui.errors import BadInput
from loadtui.model.plain import printable
from loadtui.scenario.importer.found import Found
from loadtui.scenario.importer.write import written

LARGEST = 64_000_000
"""Bytes of a foreign file; a longer recording takes minutes to read."""


@click.command("import")
@click.argument("kind", type=click.Choice(["curl", "har", "http", "k6", "openapi"]))
@click.argument("file")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="Else stdout.")
@click.option("--secrets", is_flag=True, help="har: keep passwords, tokens and cookies.")
@click.option("--assets", is_flag=True, help="har: keep images, fonts, scripts and style sheets.")
@click.option("--host", "hosts", multiple=True, metavar="HOST", help="har: take these hosts only.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def import_(
    *,
    kind: str,
    file: str,
    out: Path | None,
    force: bool,
    **wanted: Any,
) -> int:
    """Write a scenario from FILE (- is stdin): curl commands, a browser's HAR recording,
    .http requests, a k6 script, or an OpenAPI description.

    What the scenario cannot have is named on stderr, each with its line. For curl, FILE may be the
    command itself, in quotes.
    """
    text, name, folder = _source(kind, file)
    found = READERS[kind](text, folder, wanted)
    found.name = found.name if found.name not in {"", kind} else _stem(name, kind)
    yaml = written(found, source=f"{kind} {Path(name).name}" if name != kind else kind)
    for each in found.skipped:
        click.echo(each.told(printable(name)), err=True)
    _give(yaml, out, force=force)
    if out is not None:
        count = len(found.requests)
        lines = len(found.skipped)
        look = f"; look at the {'line' if lines == 1 else f'{lines} lines'} above" if lines else ""
        words = f"{count} request{'' if count == 1 else 's'}{look}"
        click.echo(f"{printable(str(out))}: {words}; try it:  loadtui run {out}", err=True)
    return 0


def _source(kind: str, file: str) -> tuple[str, str, Path]:
    """Text, what to call it, and where its own files lie."""
    if file == "-":
        return _decoded(sys.stdin.buffer.read(LARGEST + 1), "stdin"), "stdin", Path()
    if kind == "curl" and file.lstrip("$ ").startswith("curl "):
        return file, "curl", Path()
    path = Path(file)
    try:
        if path.is_dir():
            raise BadInput(f"{printable(file)} is a directory", hint="name the file in it")
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"{printable(file)} cannot be read: {why}", hint="check the path") from None
    return _decoded(data, file), file, path.parent


def _decoded(data: bytes, name: str) -> str:
    if len(data) > LARGEST:
        raise BadInput(f"{printable(name)} is larger than 64 MB", hint="record less")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        hint = "save the file as UTF-8"
        raise BadInput(f"{printable(name)}:{line} is not UTF-8 text", hint=hint) from None


def _stem(name: str, kind: str) -> str:
    return printable(Path(name).stem) if name not in {"stdin", kind} else kind


def _give(yaml: str, out: Path | None, *, force: bool) -> None:
    if out is None:
        click.echo(yaml, nl=False)
        return
    try:
        with out.open("w" if force else "x", encoding="utf-8") as stream:
            stream.write(yaml)
    except FileExistsError:
        hint = "name another file, or add --force"
        raise BadInput(f"{printable(str(out))} is there already", hint=hint) from None
    except OSError as error:
        why = f"{printable(str(out))} cannot be written: {error.strerror}"
        raise BadInput(why, hint="check the path") from None


# -- one reader a kind -------------------------------------------------------------------------


def _curl(text: str, folder: Path, _: dict[str, Any]) -> Found:
    from loadtui.scenario.importer.curl import from_curl

    return from_curl(text, lambda name: _file(folder, name))


def _file(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise BadInput(f"there is no text file {printable(name)}", hint="check the path") from None


def _har(text: str, _: Path, wanted: dict[str, Any]) -> Found:
    from loadtui.scenario.importer.har import Wanted, from_har

    return from_har(text, Wanted(**wanted))


def _http(text: str, folder: Path, _: dict[str, Any]) -> Found:
    from loadtui.scenario.importer.http_file import from_http

    return from_http(text, lambda name: _file(folder, name))


def _k6(text: str, _: Path, __: dict[str, Any]) -> Found:
    from loadtui.scenario.importer.k6 import from_k6

    return from_k6(text)


def _openapi(text: str, _: Path, __: dict[str, Any]) -> Found:
    from loadtui.scenario.importer.openapi import from_openapi

    return from_openapi(text)


READERS: dict[str, Callable[[str, Path, dict[str, Any]], Found]] = {
    "curl": _curl,
    "har": _har,
    "http": _http,
    "k6": _k6,
    "openapi": _openapi,
}
