"""What a run is to leave behind: the flags, checked before it starts, and the files at its end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from loadtui import __version__
from loadtui.cli.flags import Parsed, flag
from loadtui.errors import BadInput, OutputFailed
from loadtui.model.ending import Ending
from loadtui.model.result import OUR_STATS, TREND_STATS, Shape, SummaryMode, parse_stats
from loadtui.outputs.target import STDOUT, Target
from loadtui.outputs.target_parse import targets
from loadtui.outputs.target_url import RUN_ID
from loadtui.session.journal import redacted

if TYPE_CHECKING:
    from loadtui.model.snapshot import Snapshot

KINDS = ("summary", "junit")
"""What `--out KIND=FILE` writes once, at the end."""
WRITTEN = (*KINDS, "json", "csv")
"""Kinds of `--out` that are files; the others are databases, which keep one run beside another."""


RESULTS = (
    flag(
        "--out",
        "outs",
        multiple=True,
        metavar="KIND=FILE",
        help="summary=FILE (JSON), junit=FILE; every sample: json=FILE, csv=FILE,"
        " influxdb=http://HOST:8086/DATABASE; sums: prometheus=http://HOST:9090/api/v1/write,"
        " otlp=http://HOST:4318, statsd=udp://HOST:8125; repeatable.",
    ),
    flag(
        "--summary-mode",
        type=click.Choice(("compact", "full", "disabled")),
        default="compact",
        help="How much the summary says; full: every metric.",
    ),
    flag(
        "--summary-trend-stats",
        type=Parsed[tuple[str, ...]]("stats", tuple, parse_stats),
        default=(),
        metavar="STAT,…",
        help="avg, min, med, max, p(90), p(99.9), count: those of every trend.",
    ),
    flag("--summary-export", type=click.Path(path_type=Path), metavar="FILE", help="As k6's."),
    flag("--no-thresholds", is_flag=True, help="Judge nothing."),
    flag("--fail-on-no-data", is_flag=True, help="A threshold that saw no data fails (99)."),
    flag(
        "--quiet",
        "-q",
        "quiet",
        env="LOADTUI_QUIET",
        is_flag=True,
        help="No progress, only news.",
    ),
)


class Wanted(msgspec.Struct, frozen=True):
    """The flags as given."""

    outs: tuple[str, ...] = ()
    summary_mode: SummaryMode = "compact"
    summary_trend_stats: tuple[str, ...] = ()
    summary_export: Path | None = None
    no_thresholds: bool = False
    fail_on_no_data: bool = False
    quiet: bool = False
    run_id: str = ""

    @property
    def shape(self) -> Shape:
        """How the summary is to look."""
        return Shape(self.summary_mode, self.summary_trend_stats)

    @property
    def stats(self) -> tuple[str, ...]:
        """Every stat of trends that something will show."""
        if not self.summary_trend_stats:
            return OUR_STATS
        return tuple(dict.fromkeys((*self.summary_trend_stats, *TREND_STATS)))

    @property
    def targets(self) -> tuple[Target, ...]:
        """Where every sample goes; raises BadInput for what cannot be."""
        texts = tuple(text for text in self.outs if _kind(text) not in KINDS)
        named = {RUN_ID: self.run_id} if self.run_id else {}
        return targets(texts, KINDS, {**os.environ, **named}, Path.cwd())

    def files(self) -> dict[str, Path]:
        """Where to write what, by kind; raises BadInput for what cannot be a file."""
        once = [text for text in self.outs if _kind(text) in KINDS]
        found = dict(map(_out, once))
        if len(found) < len(once):
            raise BadInput("--out names a kind twice", hint="one file of each kind is written")
        if self.summary_export is not None:
            found["export"] = self.summary_export
        if len({path.absolute() for path in found.values()}) < len(found):
            raise BadInput("two results would be written to one file", hint="name another one")
        return found

    def paths(self) -> tuple[Path, ...]:
        """Every file that is written, as it was named."""
        texts = (text.partition("=") for text in self.outs)
        named = [Path(place) for kind, _, place in texts if kind in WRITTEN and place]
        export = () if self.summary_export is None else (self.summary_export,)
        return (*(path for path in named if str(path) != STDOUT), *export)


def for_run(flags: Mapping[str, Any], run: str) -> dict[str, Any]:
    """The flags with every file named after that run of several: `out.json` → `out-smoke.json`."""
    export = flags["summary_export"]
    return {
        **flags,
        "outs": tuple(_out_of_run(text, run) for text in flags["outs"]),
        "summary_export": None if export is None else _file_of_run(export, run),
    }


def _out_of_run(text: str, run: str) -> str:
    kind, sign, place = text.partition("=")
    if kind not in WRITTEN or place in {"", STDOUT}:
        return text
    return f"{kind}{sign}{_file_of_run(Path(place), run)}"


def _file_of_run(path: Path, run: str) -> Path:
    if not path.name:
        return path  # no file anyhow, which is told where files are looked at
    whole = Path(path.name.removesuffix(".gz"))
    packed = ".gz" if path.name.endswith(".gz") else ""
    return path.with_name(f"{whole.stem}-{run}{whole.suffix}{packed}")


def _kind(text: str) -> str:
    return text.partition("=")[0]


def _out(text: str) -> tuple[str, Path]:
    kind, _, place = text.partition("=")
    if not place:
        raise BadInput(f"--out {text} names no file", hint=f"write {kind}=FILE")
    return kind, Path(place)


def check(wanted: Wanted) -> None:
    """Refuse, before anything starts, what could never be written; raises BadInput."""
    from loadtui.outputs import files

    written = {target.place for target in wanted.targets}
    for kind, path in wanted.files().items():
        if str(path.absolute()) in written:
            raise BadInput(f"{path} would be written twice", hint="name another file")
        files.check(path, "--summary-export" if kind == "export" else f"--out {kind}")


def leave(wanted: Wanted, final: Snapshot, ending: Ending, secrets: Sequence[str]) -> Iterator[str]:
    """Write every file; what could not be written, and why, each in a sentence."""
    from loadtui.outputs import files, junit, summary_export, summary_json

    hidden = tuple(sorted({s for s in secrets if s}, key=len, reverse=True))

    def hide(text: str) -> str:
        return str(redacted(text, hidden))

    makers: dict[str, Callable[[], bytes]] = {
        "summary": lambda: summary_json.encoded(
            redacted(summary_json.document(final, ending, loadtui=__version__), hidden)
        ),
        "junit": lambda: junit.document(final, ending, hide=hide),
        "export": lambda: summary_json.encoded(
            redacted(summary_export.document(final, wanted.summary_trend_stats), hidden)
        ),
    }
    for kind, path in wanted.files().items():
        try:
            files.write(path, makers[kind]())
        except OutputFailed as error:
            yield str(error)
