"""k6's `options` → keys of a scenario file (pure). The words are the same, so most is copied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from loadtui.errors import BadInput
from loadtui.model.metric import MetricType
from loadtui.model.threshold import parse
from loadtui.model.units import duration, parse_duration
from loadtui.scenario.importer.found import Found
from loadtui.scenario.importer.js_known import Env, Obj, Unknown

_TIMES = frozenset({
    "duration", "maxDuration", "startTime", "gracefulStop", "gracefulRampDown", "timeUnit",
    "delayAbortEval",
})  # fmt: skip
_ENTRY = frozenset({
    "executor", "startTime", "gracefulStop", "tags", "vus", "duration", "iterations",
    "maxDuration", "startVUs", "stages", "gracefulRampDown", "rate", "startRate", "timeUnit",
    "preAllocatedVUs", "maxVUs",
})  # fmt: skip
_LOAD = ("vus", "duration", "iterations", "stages")
_PLAIN = frozenset({*_LOAD, "scenarios", "thresholds", "tags", "maxRedirects"})
_FLAGS: Mapping[str, tuple[str, Any]] = {
    "insecureSkipTLSVerify": ("tls", {"verify": False}),
    "noConnectionReuse": ("connections", "none"),
    "noVUConnectionReuse": ("connections", "per-iteration"),
}
_SAME = frozenset({"discardResponseBodies", "summaryTrendStats", "noUsageReport"})
"""What needs no word here, or changes only how a result is shown."""


def read_options(options: Obj, found: Found, metrics: Mapping[str, MetricType]) -> None:
    """Put what the options say into `found.extra`; name the rest."""
    for key, value in options.items():
        if key in _FLAGS and isinstance(value, bool):
            name, said = _FLAGS[key]
            found.extra |= {name: said} if value else {}
        elif key not in _PLAIN | _SAME:
            line = options.lines.get(key, 0)
            found.skip(line, f"the option {key} has no place in a scenario")
    _read_known(options, found)
    thresholds = options.get("thresholds")
    if isinstance(thresholds, Obj):
        _thresholds(thresholds, found, metrics)
    elif "thresholds" in options:
        found.skip(options.lines.get("thresholds", 0), "thresholds are not written out")


def _read_known(options: Obj, found: Found) -> None:
    if "scenarios" in options:
        _scenarios(options["scenarios"], options.lines.get("scenarios", 0), found)
    elif load := _load(options, found):
        found.extra["load"] = load
    if isinstance(redirects := options.get("maxRedirects"), int):
        found.extra["redirects"] = redirects
    if isinstance(tags := options.get("tags"), Obj):
        found.extra["tags"] = {key: str(value) for key, value in tags.items()}


def _load(options: Obj, found: Found) -> dict[str, Any]:
    given = Obj()
    for key in _LOAD:
        if key in options:
            given[key], given.lines[key] = options[key], options.lines.get(key, 0)
    entry = _entry(given, found)
    if "stages" in entry:
        entry = {"executor": "ramping-vus", "startVUs": entry.pop("vus", 1), **entry}
    elif "iterations" in entry:
        entry = {"executor": "shared-iterations", **entry}
        if "duration" in entry:
            entry["maxDuration"] = entry.pop("duration")
    elif "duration" in entry:
        entry = {"executor": "constant-vus", **entry}
    elif "vus" in entry:
        entry = {"executor": "shared-iterations", **entry, "iterations": entry["vus"]}
    return entry


def _scenarios(value: object, line: int, found: Found) -> None:
    if not isinstance(value, Obj):
        found.skip(line, "scenarios are not written out")
        return
    out = {}
    for name, each in value.items():
        place = value.lines.get(name, line)
        if not isinstance(each, Obj) or not isinstance(each.get("executor"), str):
            found.skip(place, f"the scenario {name} names no executor")
        elif each["executor"] == "externally-controlled":
            found.skip(place, f"the scenario {name} is driven by hand: loadtui run without --start")
        else:
            out[name] = _entry(each, found)
    if out:
        found.extra["scenarios"] = out


def _entry(given: Obj, found: Found) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in given.items():
        line = given.lines.get(key, 0)
        if key not in _ENTRY:
            if (key, value) != ("exec", "default"):
                found.skip(line, f"{key} of a scenario is left out")
            continue
        try:
            out[key] = _stages(value) if key == "stages" else _plain(key, value)
        except ValueError:
            found.skip(line, f"{key} is not known without running the script")
    return out


def _stages(value: object) -> list[str]:
    return [f"{_plain('duration', each['duration'])}:{_target(each)}" for each in _objects(value)]


def _objects(values: object) -> Iterator[Obj]:
    for each in values if isinstance(values, list) else [None]:
        if not isinstance(each, Obj) or "duration" not in each:
            raise ValueError
        yield each


def _target(stage: Obj) -> int:
    return int(str(_plain("target", stage.get("target"))))


def _plain(key: str, value: object) -> Any:  # noqa: ANN401 - any value of a file
    """The value; times with a unit, for k6's bare numbers are milliseconds."""
    if isinstance(value, Unknown | Env) or value is None:
        raise ValueError
    if key in _TIMES and isinstance(value, int | float) and not isinstance(value, bool):
        return duration(value / 1000)
    if key in _TIMES and isinstance(value, str) and "${" not in value:
        try:
            return duration(parse_duration(value))
        except BadInput:
            raise ValueError from None
    if isinstance(value, str) and "${" not in value and re.fullmatch(r"\d{1,9}", value):
        return int(value)
    return dict(value) if isinstance(value, dict) else value


def _thresholds(given: Obj, found: Found, metrics: Mapping[str, MetricType]) -> None:
    out: dict[str, Any] = {}
    for key, rules in given.items():
        line = given.lines.get(key, 0)
        for rule in rules if isinstance(rules, list) else [rules]:
            text = rule.get("threshold") if isinstance(rule, dict) else rule
            try:
                parse(key, text if isinstance(text, str) else "", declared=metrics)
                is_long = isinstance(rule, dict)
                kept = {k: _plain(k, v) for k, v in rule.items()} if is_long else text
                out.setdefault(key, []).append(kept)
            except (BadInput, ValueError) as error:
                found.skip(
                    line, f"the threshold {key} is left out: {str(error) or 'it is not known'}"
                )
    if out:
        found.extra["thresholds"] = out
