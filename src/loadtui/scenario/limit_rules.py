"""Thresholds against the metrics and tags that exist; load against the guard (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast

from loadtui.errors import BadInput
from loadtui.model.metric import (
    AGGREGATES,
    OF_OUTCOMES,
    OF_STREAMS,
    OF_WATCH,
    OUTCOME_TAGS,
    WITHOUT_REQUEST_TAGS,
    MetricType,
)
from loadtui.model.suggest import advice, nearest
from loadtui.model.threshold import metric_key, metric_type, parse
from loadtui.scenario.journey_rules import has_code
from loadtui.scenario.place import Document, Path, Problem, mapping, sequence
from loadtui.scenario.raw import declared_metrics, name_of, requests

_K6_TAGS = frozenset(
    {
        "group", "ip", "iter", "proto", "service", "subproto", "tls_version", "url", "vu",
    }
)  # fmt: skip
"""k6's system tags that samples of this version do not carry."""

_OUTCOMES = {
    "status": re.compile(r"0|[1-9]\d\d", re.ASCII),
    "expected_response": re.compile(r"true|false"),
    "error": re.compile(r"[a-z_]+", re.ASCII),
    "error_code": re.compile(r"1[0-9]{3}", re.ASCII),
}
_OUTCOME_HINTS = {
    "status": "write a status such as 200, or 0 for requests without an answer",
    "expected_response": "write true or false",
    "error": "write a kind of error such as timeout or refused",
    "error_code": "write one of k6's codes such as 1050 or 1503",
}

Tags = dict[str, str]


def limit_problems(document: Document) -> Iterator[Problem]:
    """Everything that is wrong with thresholds and load beyond the shape of single values."""
    declared = kinds(document.root)
    for key, entries in mapping(mapping(document.root).get("thresholds")).items():
        path: Path = ("thresholds", key)
        try:
            _check_key(key, document.root, declared)
        except BadInput as error:
            yield document.at_key(path, error)
            continue
        for index, entry in enumerate(sequence(entries)):
            place = (*path, index, "threshold") if isinstance(entry, dict) else (*path, index)
            rule = entry.get("threshold") if isinstance(entry, dict) else entry
            if not isinstance(rule, str):
                continue
            try:
                parse(key, rule, declared=declared)
            except BadInput as error:
                yield document.at_value(place, error)


def kinds(root: object) -> dict[str, MetricType]:
    """The custom metrics of a scenario and their types."""
    written = mapping(mapping(root).get("metrics"))
    counters = dict.fromkeys(declared_metrics(root), "counter")
    told = {name: kind for name, kind in written.items() if kind in tuple(AGGREGATES)}
    return cast("dict[str, MetricType]", {**counters, **told})


def _check_key(key: str, root: object, declared: Mapping[str, MetricType]) -> None:
    metric, tags = metric_key(key)
    metric_type(metric, declared=declared)
    if metric in OF_WATCH:
        _check_watch(metric, tags, mapping(mapping(root).get("watch")))
        return
    if bad := _outcome_problem(metric, tags):
        raise bad
    if has_code(root):
        return  # only Python knows which tags and checks there will be
    known = OUTCOME_TAGS
    if metric == "checks":
        if bad := _check_problem(tags, root):
            raise bad
        known |= {"check"}
    rest = {name: value for name, value in tags.items() if name not in known}
    if bad := _tag_problem(metric, rest, _tags(root), _shared(root)):
        raise bad


def _check_watch(metric: str, tags: Tags, watched: Mapping[str, object]) -> None:
    """Refuse a threshold on a process that nobody watches, or on several at once."""
    if not watched:
        hint = "add watch: {api: {pidfile: path}}"
        raise BadInput(f"{metric} has no samples: nothing is watched", hint=hint)
    name = tags.get("process")
    if set(tags) - {"process"}:
        raise BadInput(f"{metric} has one tag, process", hint=f"write {metric}{{process:NAME}}")
    if name is None and len(watched) > 1:
        hint = f"write {metric}{{process:{next(iter(watched))}}}"
        raise BadInput(f"{len(watched)} processes are watched, and this names none", hint=hint)
    if name is not None and name not in watched:
        raise BadInput(f"no process {name} is watched", hint=advice(name, watched))


def _tags(root: object) -> list[Tags]:
    shared = _shared(root)
    return [
        {
            "name": name_of(request),
            "method": str(request.get("method", "GET")).upper(),
            **shared,
            **_plain(request.get("tags")),
        }
        for _, request in requests(root)
    ]


def _shared(root: object) -> Tags:
    """Tags of every sample; `load:` is the one executor that k6 calls default."""
    return {"scenario": "default", **_plain(mapping(root).get("tags"))}


def _plain(tags: object) -> Tags:
    return {name: value for name, value in mapping(tags).items() if isinstance(value, str)}


def _outcome_problem(metric: str, wanted: Tags) -> BadInput | None:
    """What is wrong with tags that say how a request ended."""
    if metric in OF_STREAMS:
        return None
    for name in sorted(OUTCOME_TAGS & wanted.keys()):
        value = wanted[name]
        if metric not in OF_OUTCOMES:
            what = f"{metric} has no tag {name}: it does not say how a request ended"
            return BadInput(what, hint="leave the tag out")
        if _OUTCOMES[name].fullmatch(value) is None:
            what = f"{name}:{value} never happens"
            return BadInput(what, hint=_OUTCOME_HINTS[name])
    return None


def _check_problem(wanted: Tags, root: object) -> BadInput | None:
    checks = sorted({name for _, each in requests(root) for name in mapping(each.get("checks"))})
    if wanted.get("check") in {None, *checks}:
        return None
    hint = advice(wanted["check"], checks) if checks else "add it to a request's checks"
    return BadInput(f"no request has a check {wanted['check']!r}", hint=hint)


def _tag_problem(metric: str, wanted: Tags, tagged: list[Tags], shared: Tags) -> BadInput | None:
    """Why a threshold would never see a sample: k6 lets such a one pass in silence."""
    if not wanted or wanted.items() <= shared.items():
        return None
    if metric in WITHOUT_REQUEST_TAGS:
        what = f"{metric} belongs to the whole run and has no tags of requests"
        return BadInput(what, hint="leave the tags out")
    if any(wanted.items() <= tags.items() for tags in tagged):
        return None
    for name, value in wanted.items():
        values = sorted({tags[name] for tags in tagged if name in tags})
        if value in values:
            continue
        if not values and name in _K6_TAGS:
            what = f"the tag {name} is not supported in this version yet"
            return BadInput(what, hint="use name, method or tags of your own")
        hint = f"did you mean {near}?" if (near := nearest(value, values)) else _known(values, name)
        return BadInput(f"no request has the tag {name}:{value}", hint=hint)
    return BadInput("no request has all of these tags", hint="name one request's tags")


def _known(values: list[str], name: str) -> str:
    return (
        f"there are {', '.join(values)}"
        if values
        else f"add it to a request's tags, or drop {name}"
    )
