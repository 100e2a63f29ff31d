"""InfluxDB's line protocol with k6's measurements, tags and fields (pure).

Source: InfluxDB's "Line protocol reference". Two points of one measurement, one set of tags and one
time are one point there, the later wins: so no two of ours ever have the same time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from loadtui.outputs.k6_json import number
from loadtui.outputs.samples import Sample

FIELDS = ("iter", "url", "vu")
"""Tags that k6 writes as fields: each has too many values for an index."""

_TAG = str.maketrans({",": r"\,", "=": r"\=", " ": r"\ ", "\n": r"\ ", "\r": r"\ ", "\t": r"\ "})


class Labels(NamedTuple):
    """A set of tags: what stands after the measurement, and after the value."""

    tags: str
    fields: str


def encode_tags(tags: Mapping[str, str]) -> Labels:
    """Tags ascending by name, empty ones left out; those of `FIELDS` apart."""
    kept = [(name, tags[name]) for name in sorted(tags) if tags[name] and name not in FIELDS]
    fields = [(name, tags[name]) for name in FIELDS if tags.get(name)]
    return Labels(
        "".join(f",{_escaped(name)}={_escaped(value)}" for name, value in kept),
        "".join(f",{name}={_quoted(value)}" for name, value in fields),
    )


class Lines:
    """Samples as lines."""

    def __init__(self) -> None:
        """No time is taken."""
        self._last: dict[tuple[str, Labels], int] = {}

    def encode(self, samples: Iterable[Sample[Labels]]) -> list[str]:
        """Lines without their ends; only samples of requests carry fields beside the value."""
        out = []
        last = self._last
        for metric, labels, at, value in samples:
            key = (metric, labels)
            before = last.get(key, 0)
            if at <= before:
                at = before + 1  # noqa: PLW2901 - see the module's sentence on times
            last[key] = at
            out.append(f"{metric}{labels.tags} value={number(value)}{labels.fields} {at}")
        return out


def _escaped(text: str) -> str:
    # A backslash at the end would escape what follows the tag, and cannot be escaped itself.
    return text.rstrip("\\").translate(_TAG)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
