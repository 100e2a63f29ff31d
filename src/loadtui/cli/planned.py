"""Which plan the flags ask for, over that of the file (pure)."""

from __future__ import annotations

import msgspec

from loadtui.errors import BadInput
from loadtui.model.executor import (
    ConstantVus,
    Entry,
    Executor,
    Manual,
    RampingVus,
    SharedIterations,
    Stage,
)
from loadtui.model.plan import end_of, planned_vus


class Asked(msgspec.Struct, frozen=True):
    """The flags as given; None, or no stages, where not given."""

    vus: int | None = None
    duration: float | None = None
    iterations: int | None = None
    stages: tuple[Stage, ...] = ()


def plan(known: tuple[Entry, ...], asked: Asked, *, headless: bool) -> tuple[Entry, ...]:
    """The entries to run, as k6 reads the same flags; raises BadInput for what does not go
    together.

    Without a screen a plan must end: one that would not runs as many iterations as it has VUs.
    """
    given = asked.duration is not None or asked.iterations is not None or bool(asked.stages)
    if not given and asked.vus is not None and known:
        _check_alone(known, asked.vus, headless=headless)
    if not given and (asked.vus is None or not known):
        entries = known if asked.vus is None else (_only(Manual(asked.vus)),)
        if headless and not known and asked.vus is not None:
            raise BadInput("--vus without an end", hint="add --duration 30s (or --iterations 10)")
        return _ending(entries) if headless else entries
    if len(known) > 1:
        raise BadInput(
            f"the file has {len(known)} scenarios, and flags describe one",
            hint="change the file, or leave --vus, --duration, --iterations and --stage out",
        )
    mine = known[0] if known else _only(Manual())
    executor = _by_flags(mine.executor, asked) if given else Manual(asked.vus or 0)
    entries = (msgspec.structs.replace(mine, executor=executor),)
    return _ending(entries) if headless else entries


def _by_flags(known: Executor, asked: Asked) -> Executor:
    vus = asked.vus if asked.vus is not None else planned_vus(known)
    if asked.stages:
        if asked.duration is not None or asked.iterations is not None:
            raise BadInput("--stage says how long by itself", hint="leave the other flags out")
        return RampingVus(asked.stages, 1 if asked.vus is None else asked.vus)
    if asked.iterations is not None:
        limit = 600.0 if asked.duration is None else asked.duration
        return SharedIterations(min(vus, asked.iterations), asked.iterations, limit)
    return ConstantVus(asked.duration or 0.0, vus)


def _check_alone(known: tuple[Entry, ...], vus: int, *, headless: bool) -> None:
    """Refuse VUs alone over a load of the file: they do not say when to end."""
    only_by_hand = len(known) == 1 and isinstance(known[0].executor, Manual)
    if only_by_hand and not headless:
        return
    raise BadInput(
        f"--vus {vus} alone, and the file has a load of its own",
        hint="say how long, with --duration 30s, --iterations or --stage, or leave --vus out",
    )


def _ending(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    if not entries:
        return (_only(SharedIterations()),)
    return tuple(_ended(entry) for entry in entries)


def _ended(entry: Entry) -> Entry:
    if end_of(entry.executor) is not None:
        return entry
    vus = planned_vus(entry.executor)
    return msgspec.structs.replace(entry, executor=SharedIterations(vus, vus))


def _only(executor: Executor) -> Entry:
    return Entry("default", executor)
