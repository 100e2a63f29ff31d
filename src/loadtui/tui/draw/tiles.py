"""The five headline numbers, as tiles: virtual users, requests, p95, errors, generator."""

from __future__ import annotations

from loadtui.model.generator import Generator
from loadtui.model.snapshot import Snapshot
from loadtui.tui.draw.cells import clean
from loadtui.tui.draw.figures import millis, number, percent, plural, rate
from loadtui.tui.draw.tile import State, Tile

NAMES = ("vus", "requests", "p95", "errors", "generator")


def tiles(snapshot: Snapshot) -> tuple[Tile, ...]:
    """The tiles in the order of `NAMES`."""
    return (
        _users(snapshot),
        _requests(snapshot),
        _latency(snapshot),
        _errors(snapshot),
        _generator(snapshot),
    )


def _users(snapshot: Snapshot) -> Tile:
    return Tile(
        titles=("virtual users", "VUs"),
        value=number(snapshot.active),
        unit=_users_unit(snapshot),
        notes=_users_notes(snapshot),
        edge="accent",
    )


def _users_unit(snapshot: Snapshot) -> str:
    if snapshot.target_rate and not snapshot.target:
        return f"· {number(snapshot.target_rate)}/s"
    return f"/ {number(snapshot.target)}"


def _users_notes(snapshot: Snapshot) -> tuple[str, ...]:
    level, unit = snapshot.target, ""
    if snapshot.by_rate:
        level, unit = snapshot.target_rate, "/s"
    aim = f"{number(level)}{unit}"
    target = f"target {aim}"
    if snapshot.spike is not None:
        left = f"{snapshot.spike.left:.0f} s"
        back = f"{number(snapshot.spike.back_to)}{unit}"
        return f"spike, back to {back} in {left}", f"spike {left}, then {back}", f"spike {left}"
    if snapshot.phase == "paused":
        return f"paused · {target}", "paused"
    if snapshot.draining:
        return f"{target} · {number(snapshot.draining)} finishing", f"→ {aim}"
    if snapshot.driver == "plan":
        stage = clean(snapshot.plan)
        return f"plan: {stage}", stage, stage.partition(",")[0], "plan"
    if snapshot.driver == "hand over plan":
        return (
            f"{target} · hand over plan, h hands back",
            f"{target} · hand over plan",
            f"→ {aim} · hand over plan",
            "hand over plan",
            f"→ {aim}",
        )
    return f"{target} · step {number(snapshot.step)}", target, f"→ {aim}"


def _requests(snapshot: Snapshot) -> Tile:
    total = snapshot.total.requests
    notes: tuple[str, ...] = (f"{number(total)} in all", number(total))
    if snapshot.rps:
        limit = f"limit {number(snapshot.rps)}/s"
        notes = (f"{notes[0]} · {limit}", limit, f"≤ {number(snapshot.rps)}/s")
    return Tile(
        titles=("requests", "req"),
        value=rate(snapshot.now.rate if snapshot.now.requests else None),
        unit="/s",
        notes=notes,
    )


def _latency(snapshot: Snapshot) -> Tile:
    p95, slo = snapshot.now.p95, snapshot.slo
    state: State = ""
    notes: tuple[str, ...] = (f"SLO {number(slo)} ms", f"SLO {number(slo)}") if slo else ("",)
    if slo and p95 is not None:
        times = p95 / slo
        state = "bad" if times > 1 else "warn" if times > 0.8 else "good"
        if times > 1:
            over = f"{times:.1f}×"
            notes = (
                f"{over} the SLO of {number(slo)} ms",
                f"{over} SLO {number(slo)}",
                f"{over} SLO",
            )
    return Tile(
        titles=("p95 latency", "p95"),
        value=millis(p95),
        unit="ms",
        notes=notes,
        state=state,
        edge="p95",
    )


def _errors(snapshot: Snapshot) -> Tile:
    failed, limit = snapshot.now.failed, snapshot.failed_limit
    state: State = ""
    if limit is not None and failed is not None:
        state = "bad" if failed > limit else "good"
    notes = _error_notes(snapshot)
    if state != "bad" and limit is not None and not (failed or 0) > 0.005:
        notes = (f"limit {limit * 100:g} %",)
    return Tile(titles=("errors", "err"), value=percent(failed), unit="%", notes=notes, state=state)


def _error_notes(snapshot: Snapshot) -> tuple[str, ...]:
    worst = sorted(snapshot.errors_now.items(), key=lambda item: -item[1])[:2]
    if not worst:
        return f"{number(snapshot.total.failed)} in all", number(snapshot.total.failed)
    said = [f"{clean(reason)} {rate(often)}/s" for reason, often in worst]
    return " · ".join(said), said[0], clean(worst[0][0])


def _generator(snapshot: Snapshot) -> Tile:
    own = snapshot.generator
    states: dict[str, State] = {
        "ok": "good",
        "strained": "warn",
        "measuring the generator": "bad",
        "lost": "bad",
    }
    lag = "lag –" if own.lag is None else f"lag {own.lag * 1000:.0f} ms"
    notes = {
        "measuring the generator": ("you are measuring the generator", "too busy to measure"),
        "lost": _left(own),
        "starting": ("starting…",),
        "strained": (f"strained · loop {lag}", f"strained · {lag}", lag),
    }.get(own.state, (f"loop {lag} · {plural(own.workers, 'worker')}", lag))
    return Tile(
        titles=("generator", "gen"),
        value=number(None if own.cpu is None else own.cpu * 100),
        unit="% cpu",
        notes=notes,
        state=states.get(own.state, ""),
    )


def _left(own: Generator) -> tuple[str, ...]:
    if own.silent and own.workers + own.silent == own.wanted:
        verb = "does" if own.silent == 1 else "do"
        return f"{plural(own.silent, 'worker')} {verb} not answer", "worker silent"
    left = f"{own.workers} of {plural(own.wanted, 'worker')} left"
    return f"{left} · replacing" if own.coming else left, "worker lost"
