"""Who runs in a worker: one runner an entry, with what its VUs share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from random import Random
from typing import NamedTuple

from loadtui.load.clients import new_clients
from loadtui.load.deck import Deck, new_decks, used_by
from loadtui.load.dialer import Dialer
from loadtui.load.driver import Team
from loadtui.load.journey_vu import JourneyVu
from loadtui.load.plan import by_hand, weights_of
from loadtui.load.prepared import PreparedRequest
from loadtui.load.prepared_journey import prepared
from loadtui.load.runner import Runner
from loadtui.load.runners import ONLY_BY_HAND
from loadtui.load.sender import Sender
from loadtui.load.shared import Shared
from loadtui.load.streams import Streams
from loadtui.load.throttle import Throttle
from loadtui.load.values import Sources, Values
from loadtui.load.vu import Vu
from loadtui.load.vus import NewVu, Vus
from loadtui.measure.recorder import Recorder
from loadtui.model.frame import Setup
from loadtui.model.tags import Tags, tagset


class Wire(NamedTuple):
    """How requests leave: over connections of one dialer, at most as fast as the throttle lets."""

    dialer: Dialer
    throttle: Throttle | None = None


class Tell(NamedTuple):
    """How the operator is told: something, once; that a journey ends the run; that the run goes on
    and ends with exit code 107.
    """

    say: Callable[[str], None]
    abort: Callable[[str], None]
    spoil: Callable[[str], None]


def lineup(
    setup: Setup,
    recorder: Recorder,
    wire: Wire,
    tell: Tell,
    changed: Callable[[], None],
) -> Iterator[Runner]:
    """One runner an entry; where the scenario has none, one that only a hand drives."""
    scenario, dialer = setup.scenario, wire.dialer
    clock = dialer.clock
    dice = Random(f"{setup.seed} {setup.worker}")  # the session's seed, other ones in each worker
    sources = Sources(dice, Random(), time.time)
    numbers = count(setup.worker + 1, setup.workers)
    streams = Streams(dialer, scenario)
    decks = new_decks(scenario.data, setup.tickets, f"{setup.seed} {setup.worker}")
    entries = scenario.scenarios or (ONLY_BY_HAND,)
    ceilings = by_hand(scenario.guard.max_vus, weights_of(entries))
    for entry, most in zip(entries, ceilings, strict=True):
        tags = {"scenario": entry.name, **scenario.tags, **entry.tags}
        journey = scenario.journey(entry)
        requests = tuple(PreparedRequest(each, tags) for each in journey.requests)
        shared = Shared(requests, scenario.redirects, recorder, dice, clock, tell.say)
        shared.pacing = entry.pacing
        shared.tags = tagset({"scenario": entry.name}, entry.tags)
        wanted = used_by(journey.requests) if journey.code is None else decks.keys()
        shared.decks = tuple(decks[name] for name in sorted(wanted))
        if journey.code is not None:
            shared.journey = prepared(journey.code, scenario, recorder, tags, tell.say, streams)
            shared.journey.abort, shared.journey.decks = tell.abort, decks
            shared.journey.given = setup.given
        new_vu = _new_vu(shared, new_clients(scenario, *wire), sources, numbers)
        vus, dropped = Vus(shared, new_vu, changed), partial(_dropped, recorder, clock, shared.tags)
        team = Team(entry.name, vus, shared.turns, dropped=dropped, say=tell.say)
        runner = Runner(entry, team, clock, most=max(1, most), graceful=setup.graceful)
        shared.run_out = partial(_run_out, runner, tell)
        yield runner


def _dropped(recorder: Recorder, clock: Callable[[], float], tags: Tags, number: int) -> None:
    recorder.iterations(int(clock()), tags).dropped += number


def _run_out(runner: Runner, tell: Tell, deck: Deck) -> None:
    words = deck.words(runner.entry.name)
    if deck.source.at_end == "fail":
        tell.spoil(words)
    else:
        tell.say(words)
        runner.run_out()


def _new_vu(
    shared: Shared, new_client: Callable[[], Sender], sources: Sources, numbers: Iterator[int]
) -> NewVu:
    known: dict[int, int] = {}

    def new_vu(slot: int) -> Vu:
        if slot not in known:
            known[slot] = next(numbers)
        values = Values(known[slot], sources)
        if shared.journey is not None:
            return JourneyVu(shared, new_client(), values, shared.journey)
        return Vu(shared, new_client(), values)

    return new_vu
