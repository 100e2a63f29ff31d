"""`loadtui sessions`: what was run on this machine, by its journals."""

from __future__ import annotations

import re
import sys
import time
from datetime import datetime
from pathlib import Path

import click
import msgspec

from loadtui.cli.flags import SECONDS, Parsed
from loadtui.cli.places import sessions_dir
from loadtui.errors import BadInput
from loadtui.model.plain import printable
from loadtui.model.units import grouped, milliseconds, moment, share, size
from loadtui.session.catalogue import catalogue
from loadtui.session.kept import Kept, Label, labelled, looked
from loadtui.session.pruning import to_prune
from loadtui.session.running import is_running
from loadtui.session.shelf import meant

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kMGT]?)B?", re.ASCII)
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_SIGNS = {"ended": "", "cut": "cut", "runs": "● runs", "unreadable": "✗ unreadable"}
_COLUMNS = ("id", "started", "length", "requests", "p95", "failed", "faults", "verdict", "size", "")


def parse_size(text: str) -> int:
    """`1GB` as bytes, in powers of 1000; raises BadInput."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"{text!r} is not a size such as 500MB or 1GB")
    return int(float(found[1]) * _UNITS[found[2]])


SIZE = Parsed("size", int, parse_size)


def session(word: str) -> Path:
    """The journal that is meant by a path, an id, a name, or `last`; raises BadInput."""
    folder = sessions_dir()
    return meant(
        folder, word, lambda: {k.label.name: k.id for k in catalogue(folder) if k.label.name}
    )


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object a session.")
@click.option("--tag", metavar="TAG", help="Only those with this tag.")
@click.pass_context
def sessions(ctx: click.Context, *, as_json: bool, tag: str | None) -> int:
    """List the sessions of this machine, the newest last; or name, tag and remove them."""
    if ctx.invoked_subcommand is not None:
        return 0
    kept = [each for each in catalogue(sessions_dir()) if tag is None or tag in each.label.tags]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(kept), indent=2))
    elif not kept:
        click.echo("no sessions yet: `loadtui demo` makes one", err=True)
    else:
        click.echo("\n".join(_table([_COLUMNS, *map(_row, kept)])))
    return 0


@sessions.command()
@click.argument("word", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show(word: str, *, as_json: bool) -> None:
    """Say all that is known of one session, and how to see it again."""
    path = session(word)
    one = _looked(path)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(one), indent=2))
        return
    names, values = _COLUMNS[:-1], _row(one)
    pairs = [(name, value) for name, value in zip(names, values, strict=False) if value]
    pairs += [("scenario", f"{one.scenario}  {one.target}"), ("name", one.label.name)]
    pairs += [("tags", ", ".join(one.label.tags)), ("journal", str(path))]
    pairs += [("note", each) for each in one.notes]
    pairs.append(("again", f"loadtui replay {one.id}"))
    for name, value in pairs:
        if value:
            click.echo(f"{name:>9}  {printable(value)}")


@sessions.command()
@click.argument("word", metavar="ID")
@click.argument("text", metavar="NAME")
def name(word: str, text: str) -> None:
    """Call a session NAME, by which it can be replayed; an empty one takes the name away."""
    path = session(word)
    words = " ".join(text.split())[:100]
    labelled(path, Label(words, _looked(path).label.tags))


@sessions.command()
@click.argument("word", metavar="ID")
@click.argument("tags", nargs=-1, required=True, metavar="TAG…")
@click.option("--remove", is_flag=True, help="Take these tags away.")
def tag(word: str, tags: tuple[str, ...], *, remove: bool) -> None:
    """Give a session tags, which `loadtui sessions --tag` looks for."""
    path = session(word)
    label = _looked(path).label
    before = [each for each in label.tags if each not in tags]
    labelled(path, Label(label.name, tuple(before if remove else (*before, *dict.fromkeys(tags)))))


@sessions.command()
@click.argument("words", nargs=-1, required=True, metavar="ID…")
@click.option("--yes", is_flag=True, help="Do not ask.")
def rm(words: tuple[str, ...], *, yes: bool) -> None:
    """Remove sessions: their journals are deleted."""
    paths = dict.fromkeys(session(word) for word in words)
    for path in paths:
        if is_running(path):
            raise BadInput(f"{path.stem} still runs", hint="end it first")
    _remove([_looked(path) for path in paths], list(paths), yes=yes)


@sessions.command()
@click.option("--older", type=SECONDS, metavar="TIME", help="Those older than this: 30d.")
@click.option(
    "--keep",
    type=SIZE,
    metavar="SIZE",
    help="The oldest, until 1GB is left.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def prune(*, older: float | None, keep: int | None, yes: bool) -> None:
    """Remove sessions by age, by size, or both; never one that runs."""
    if older is None and keep is None:
        raise BadInput("prune what?", hint="add --older 30d, --keep 1GB, or both")
    folder = sessions_dir()
    gone = to_prune(catalogue(folder), time.time(), older=older, room=keep)
    if not gone:
        click.echo("nothing to remove", err=True)
        return
    _remove(gone, [folder / f"{each.id}.ndjson" for each in gone], yes=yes)


def _looked(path: Path) -> Kept:
    try:
        return looked(path)
    except OSError as error:
        hint = "`loadtui sessions` lists what there is"
        raise BadInput(f"{path} cannot be read: {error.strerror}", hint=hint) from error


def _remove(gone: list[Kept], paths: list[Path], *, yes: bool) -> None:
    """Ask, then delete what does not run."""
    if not yes:
        if not sys.stdin.isatty():
            raise BadInput(f"this removes {_count(gone)}", hint="add --yes if that is meant")
        click.echo("\n".join(_table([_COLUMNS, *map(_row, gone)])))
        click.confirm(f"Remove {_count(gone)}?", abort=True, err=True)
    for path in paths:
        if not is_running(path):
            path.unlink(missing_ok=True)
    click.echo(f"removed {_count(gone)}", err=True)


def _count(gone: list[Kept]) -> str:
    room = size(sum(each.bytes for each in gone))
    return f"{len(gone)} session{'' if len(gone) == 1 else 's'}, {room}"


def _row(each: Kept) -> tuple[str, ...]:
    when = datetime.fromtimestamp(each.started).astimezone().strftime("%Y-%m-%d %H:%M")
    words = [_SIGNS[each.state], each.label.name, *(f"#{tag}" for tag in each.label.tags)]
    if each.state in {"runs", "unreadable"}:
        return (each.id, when, *[""] * 6, size(each.bytes), " ".join(filter(None, words)))
    return (
        each.id,
        when,
        moment(each.length),
        grouped(each.requests),
        milliseconds(each.p95),
        share(each.failed),
        str(each.faults or ""),
        _verdict(each),
        size(each.bytes),
        " ".join(filter(None, words)),
    )


def _verdict(each: Kept) -> str:
    if not each.thresholds:
        return ""
    return f"✗ {each.broken} of {each.thresholds}" if each.broken else f"✓ {each.thresholds}"


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns as wide as they must be; numbers at their right."""
    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in shown) for at in range(len(_COLUMNS))]
    is_left = [at in {0, 1, 7, 9} for at in range(len(_COLUMNS))]
    return [
        "  ".join(
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(row, widths, is_left, strict=True)
        ).rstrip()
        for row in shown
    ]
