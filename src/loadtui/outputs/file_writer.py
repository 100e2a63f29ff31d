"""Samples in a file: JSON lines or CSV, plain or through gzip, or on stdout."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from io import BufferedIOBase
from pathlib import Path
from typing import IO, cast

from loadtui.model.point import PointFrame
from loadtui.outputs import k6_csv
from loadtui.outputs.k6_json import Definition, JsonLines, encode_tags
from loadtui.outputs.output import OutputError, Source, expander_of
from loadtui.outputs.samples import Expander, Sample
from loadtui.outputs.target import STDOUT, Target

Encode = Callable[[Iterable[Sample[str]]], bytes]


class FileWriter:
    """Writes to one place; what it wrote before is replaced."""

    note = ""

    def __init__(
        self,
        target: Target,
        encode: Encode,
        tags: Callable[[Mapping[str, str]], str],
        header: str = "",
    ) -> None:
        """Nothing is opened yet."""
        self._target, self._encode, self._tags, self._header = target, encode, tags, header
        self._expanders: dict[Source, Expander[str]] = {}
        self._file: IO[bytes] | BufferedIOBase | None = None
        self._under: IO[bytes] | None = None
        self._count = 0

    def open(self) -> str:
        """Open it; raises OutputError when that is impossible."""
        place = self._target.place
        try:
            if place == STDOUT:
                self._under = cast("IO[bytes]", sys.stdout.buffer)
            else:
                self._under = Path(place).open("wb")  # noqa: SIM115 - closed at the end
            if place.endswith(".gz"):
                self._file = gzip.GzipFile(filename="", fileobj=self._under, mode="wb", mtime=0)
            else:
                self._file = self._under
            self._file.write(self._header.encode())
        except OSError as error:
            raise self._refused(error) from None
        return ""

    def write(self, source: Source, frame: PointFrame) -> int:
        """Encode and write; returns how many samples that were."""
        expander = self._expanders.get(source)
        if expander is None:
            expander = expander_of(source, self._tags)
            self._expanders[source] = expander
        self._count = 0
        data = self._encode(self._counted(expander.samples(frame)))
        try:
            if self._file is not None:
                self._file.write(data)
        except OSError as error:
            raise self._refused(error) from None
        return self._count

    def flush(self) -> None:
        """Hand everything to the system; gzip keeps what it has not filled a block with."""
        try:
            if self._under is not None:
                self._under.flush()
        except OSError as error:
            raise self._refused(error) from None

    def close(self) -> None:
        """End the file."""
        try:
            if self._file is not None and self._file is not self._under:
                self._file.close()
            if self._under is not None:
                self._under.flush()
                if self._target.place != STDOUT:
                    self._under.close()
        except OSError as error:
            raise self._refused(error) from None

    def lost(self) -> tuple[int, str]:
        """A file takes everything or is broken."""
        return 0, ""

    def _counted(self, samples: Iterable[Sample[str]]) -> Iterable[Sample[str]]:
        for sample in samples:
            self._count += 1
            yield sample

    def _refused(self, error: OSError) -> OutputError:
        if self._target.place == STDOUT:
            # Python would try once more at the end, and say so in a traceback.
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OutputError(f"cannot be written: {error.strerror}")


def json_writer(
    target: Target, definitions: Mapping[str, Definition], source: Source
) -> FileWriter:
    """k6's JSON lines; `source`: whose types of metrics hold for all."""
    return FileWriter(target, JsonLines(definitions, source.kinds).encode, encode_tags)


def csv_writer(target: Target) -> FileWriter:
    """k6's CSV."""
    return FileWriter(target, k6_csv.encode, k6_csv.encode_tags, k6_csv.HEADER)
