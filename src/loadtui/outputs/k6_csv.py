"""k6's `--out csv`: one line a sample, system tags in columns, the others in one (pure)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from loadtui.outputs.samples import Sample

COLUMNS = (
    "check",
    "error",
    "error_code",
    "expected_response",
    "group",
    "method",
    "name",
    "proto",
    "scenario",
    "service",
    "status",
    "subproto",
    "tls_version",
    "url",
)
"""k6's system tags, in the order of its columns."""

HEADER = f"metric_name,timestamp,metric_value,{','.join(COLUMNS)},extra_tags,metadata\n"


def encode_tags(tags: Mapping[str, str]) -> str:
    """The columns of a set of tags, quoted where they must be; the last one, metadata, is empty."""
    extra = "&".join(f"{name}={tags[name]}" for name in sorted(tags) if name not in COLUMNS)
    out = io.StringIO()
    columns = (*(tags.get(name, "") for name in COLUMNS), extra, "")
    csv.writer(out, lineterminator="").writerow(columns)
    return out.getvalue()


def encode(samples: Iterable[Sample[str]]) -> bytes:
    """Lines, each with its end; time in seconds, six decimals of the value, as k6 writes them."""
    return "".join(
        f"{metric},{at // 1_000_000_000},{value:f},{tags}\n" for metric, tags, at, value in samples
    ).encode()
