"""What an executor takes and needs, and whether the guard lets the plan through (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec
from pydantic import ValidationError

from loadtui.errors import BadInput
from loadtui.model.executor import Entry
from loadtui.model.plan import end_of, most_at_once
from loadtui.model.profile import PROFILES
from loadtui.model.suggest import advice
from loadtui.model.units import duration
from loadtui.scenario.executor import PROFILE_FIELDS, entries, kind_of
from loadtui.scenario.fields import whole
from loadtui.scenario.place import Document, Path, Problem, mapping
from loadtui.scenario.schema import FilePart, GuardPart

T = TypeVar("T")


class Keys(msgspec.Struct, frozen=True):
    """What an executor needs, and what it takes beside that."""

    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


COMMON = ("executor", "exec", "startTime", "gracefulStop", "tags")
KEYS: Mapping[str, Keys] = {
    "constant-vus": Keys(("duration",), ("vus", "pacing")),
    "ramping-vus": Keys(("stages",), ("startVUs", "gracefulRampDown", "pacing")),
    "constant-arrival-rate": Keys(("rate", "duration", "preAllocatedVUs"), ("timeUnit", "maxVUs")),
    "ramping-arrival-rate": Keys(
        ("stages", "preAllocatedVUs"), ("startRate", "timeUnit", "maxVUs")
    ),
    "shared-iterations": Keys((), ("vus", "iterations", "maxDuration", "pacing")),
    "per-vu-iterations": Keys((), ("vus", "iterations", "maxDuration", "pacing")),
    "manual": Keys(
        (), ("vus", "duration", "pacing", "rate", "timeUnit", "preAllocatedVUs", "maxVUs")
    ),
}
SHORT = {"ramping-vus": ("vus",), "shared-iterations": ("duration",)}
"""What k6's shorthands, without `executor`, take beside that."""


def executor_problems(document: Document) -> Iterator[Problem]:
    """Everything that is wrong with `load` and `scenarios` beyond single values."""
    root = mapping(document.root)
    if "load" in root and "scenarios" in root:
        bad = BadInput("there are both load and scenarios", hint="move load into scenarios")
        yield document.at_key(("scenarios",), bad)
        return
    places: list[Path] = [("load",)] if root.get("load") is not None else []
    places += [("scenarios", name) for name in mapping(root.get("scenarios"))]
    found: list[Problem] = []
    for place in places:
        part = _at(root, place)
        found += _keys(document, place, part)
        found += _sizes(document, place, part)
    yield from found
    if not found and places:
        yield from _ceilings(document, places)


def _at(root: Mapping[str, Any], place: Path) -> Mapping[str, Any]:
    here: Any = root
    for key in place:
        here = mapping(here).get(str(key))
    return mapping(here)


def _keys(document: Document, place: Path, part: Mapping[str, Any]) -> Iterator[Problem]:
    if "profile" in part:
        yield from _profile(document, place, part)
        return
    named = part.get("executor", "")
    kind = kind_of(part, named if isinstance(named, str) else "")
    known = KEYS.get(kind)
    if known is None:  # the schema says so
        return
    takes = (*COMMON, *known.needs, *known.takes, *(() if named else SHORT.get(kind, ())))
    for key in part:
        if key in _ALL_KEYS and key not in takes:
            which = f"{kind} takes no {key}" if named else f"{key} does not go with {kind}"
            why = "" if named else f", which {_shorthand(part)} asks for"
            yield document.at_key((*place, key), BadInput(which + why, hint=advice(key, takes)))
    for key in known.needs:
        if key not in part:
            yield document.at_value(place, BadInput(f"{kind} needs {key}", hint=f"add {key}:"))


def _profile(document: Document, place: Path, part: Mapping[str, Any]) -> Iterator[Problem]:
    if place != ("load",):
        bad = BadInput("a profile is the whole load", hint="write load: {profile: …} instead")
        yield document.at_key((*place, "profile"), bad)
        return
    known = PROFILES.get(str(part["profile"]).strip())
    if known is None:  # the schema says so
        return
    own = [key for key, name in PROFILE_FIELDS.items() if hasattr(known.executor, name)]
    for key in part:
        if key in _ALL_KEYS and key not in own:
            bad = BadInput(f"the profile {known.name} takes no {key}", hint=advice(key, own))
            yield document.at_key((*place, key), bad)


_ALL_KEYS = {"executor", *(key for each in KEYS.values() for key in (*each.needs, *each.takes))}


def _shorthand(part: Mapping[str, Any]) -> str:
    return next((key for key in ("stages", "iterations", "duration") if key in part), "vus")


def _sizes(document: Document, place: Path, part: Mapping[str, Any]) -> Iterator[Problem]:
    ready, most = _read(part, "preAllocatedVUs"), _read(part, "maxVUs")
    if ready is not None and most is not None and most < ready:
        bad = BadInput(f"maxVUs {most} is less than preAllocatedVUs {ready}", hint="raise it")
        yield document.at_value((*place, "maxVUs"), bad)
    vus, iterations = _read(part, "vus"), _read(part, "iterations")
    if part.get("executor") == "shared-iterations" and vus and vus > (iterations or 1):
        bad = BadInput(f"{vus} VUs share {iterations or 1} iterations", hint="take fewer VUs")
        yield document.at_value((*place, "vus"), bad)


def _read(part: Mapping[str, Any], key: str) -> int | None:
    try:
        return whole(part[key])
    except (BadInput, KeyError):
        return None


def _ceilings(document: Document, places: list[Path]) -> Iterator[Problem]:
    """Problems of a plan past the guard; a plan or guard that cannot be read has others."""
    root = mapping(document.root)
    known = plan_and_guard(root)
    if known is None:
        return
    plan, guard = known
    for place, entry in zip(places, plan, strict=True):
        end = end_of(entry.executor)
        if end is not None and entry.start_time + end > guard.max_duration:
            key = "duration" if "duration" in _at(root, place) else ""
            bad = _past(key or "the plan", "max_duration", duration(guard.max_duration))
            yield document.at_value((*place, key) if key else place, bad)
    most = most_at_once(plan)
    if most > guard.max_vus:
        one = len(plan) == 1 and "vus" in _at(root, places[0])
        place = (*places[0], "vus") if one else places[0][:1]
        what = "vus" if one else f"the plan's most VUs at once, {most},"
        yield document.at_value(place, _past(what, "max_vus", str(guard.max_vus)))


def plan_and_guard(root: object) -> tuple[tuple[Entry, ...], GuardPart] | None:
    """The plan of a file and its ceilings, None where one of them cannot be read."""
    whole_file = mapping(root)
    try:
        guard = GuardPart.model_validate(whole_file.get("guard", {}))
        shown = {key: whole_file[key] for key in ("load", "scenarios") if key in whole_file}
        part = FilePart.model_validate({"requests": [{"url": "http://127.0.0.1/"}], **shown})
        return entries(part), guard
    except (ValidationError, KeyError):
        return None


def _past(what: str, ceiling: str, shown: str) -> BadInput:
    words = f"{what} is more than guard.{ceiling} allows ({shown})"
    return BadInput(words, hint=f"lower it, or raise guard.{ceiling}")
