"""k6's `--out json`: one JSON object a line, a `Metric` before the first `Point` of each (pure)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from loadtui.model.metric import METRICS, MetricType
from loadtui.model.threshold import Threshold
from loadtui.outputs.samples import Sample

_encode = msgspec.json.Encoder(order="deterministic").encode


class Definition(msgspec.Struct, frozen=True):
    """What a `Metric` line says beyond name and type: thresholds as written, and sub-metrics."""

    thresholds: tuple[str | dict[str, str | bool], ...] = ()
    submetrics: tuple[dict[str, str], ...] = ()


def definitions(thresholds: Iterable[Threshold]) -> dict[str, Definition]:
    """Metric → what its line says."""
    own: dict[str, list[str | dict[str, str | bool]]] = {}
    below: dict[str, list[dict[str, str]]] = {"http_req_duration": [{"expected_response": "true"}]}
    for each in thresholds:
        if each.tags:
            if each.tags not in below.setdefault(each.metric, []):
                below[each.metric].append(dict(each.tags))
        else:
            own.setdefault(each.metric, []).append(_written(each))
    return {
        metric: Definition(tuple(own.get(metric, ())), tuple(below.get(metric, ())))
        for metric in (*own, *(name for name in below if name not in own))
    }


def _written(threshold: Threshold) -> str | dict[str, str | bool]:
    if not threshold.abort_on_fail:
        return threshold.source
    out: dict[str, str | bool] = {"threshold": threshold.source, "abortOnFail": True}
    if threshold.delay_abort:
        out["delayAbortEval"] = f"{threshold.delay_abort:g}s"
    return out


def encode_tags(tags: Mapping[str, str]) -> str:
    """A set of tags as a JSON object, names ascending."""
    return _encode(dict(tags)).decode()


class JsonLines:
    """Samples as lines. `kinds`: types of metrics that are not built in, read when needed."""

    def __init__(
        self, definitions: Mapping[str, Definition], kinds: Mapping[str, MetricType]
    ) -> None:
        """No metric has its line yet."""
        self._definitions, self._kinds = definitions, kinds
        self._names: dict[str, str] = {}

    def encode(self, samples: Iterable[Sample[str]]) -> bytes:
        """Return lines, each with its end."""
        out: list[str] = []
        for metric, tags, at, value in samples:
            name = self._names.get(metric)
            if name is None:
                name = self._names[metric] = _encode(metric).decode()
                out.append(self._metric(metric))
            out.append(
                f'{{"metric":{name},"type":"Point","data":{{"time":"{rfc3339(at)}",'
                f'"value":{number(value)},"tags":{tags}}}}}\n'
            )
        return "".join(out).encode()

    def _metric(self, metric: str) -> str:
        known = self._definitions.get(metric, Definition())
        data: dict[str, Any] = {
            "name": metric,
            "type": METRICS.get(metric) or self._kinds.get(metric, "counter"),
            "contains": contains(metric),
            "thresholds": known.thresholds,
            "submetrics": [_submetric(metric, tags) for tags in known.submetrics] or None,
        }
        line = {"type": "Metric", "data": data, "metric": metric}
        return msgspec.json.encode(line).decode() + "\n"


def _submetric(metric: str, tags: Mapping[str, str]) -> dict[str, Any]:
    suffix = ",".join(f"{name}:{value}" for name, value in tags.items())
    return {"name": f"{metric}{{{suffix}}}", "suffix": suffix, "tags": tags}


def contains(metric: str) -> str:
    """k6's kind of value: time, data or default; a metric of the scenario's own has no unit."""
    if metric.startswith("data_"):
        return "data"
    return "time" if METRICS.get(metric) == "trend" else "default"


def number(value: float) -> str:
    """The shortest JSON number, an integer where it is one."""
    whole = int(value)
    return str(whole) if whole == value else repr(value)


_last: Sequence[Any] = (-1, "")


def rfc3339(at: int) -> str:
    """Nanoseconds of the Unix epoch as k6 writes them: UTC, trailing zeros cut."""
    global _last  # noqa: PLW0603 - nearly every sample is of the second of the one before
    second, nanos = divmod(at, 1_000_000_000)
    known = _last
    if known[0] != second:
        known = _last = (second, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second)))
    return f"{known[1]}.{nanos:09d}".rstrip("0").rstrip(".") + "Z"
