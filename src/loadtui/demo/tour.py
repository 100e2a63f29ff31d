"""The demo's two scripts: the guided tour of `d`, and what a headless demo does by itself."""

from __future__ import annotations

from loadtui.demo.scenario import PAYMENTS_SLOW
from loadtui.model.command import Cue, Inject, LiftAll, SetTarget

# A fault that a tour leaves behind, because its operator ended it half-way, lifts by itself.
_INJECT = Inject("payments", PAYMENTS_SLOW, ttl=60.0)

_RISE = (
    Cue(
        0.0,
        "An orders API. Behind it payments, inventory and PostgreSQL, each reached through "
        "Toxiproxy. First some load: 10 virtual users browse, order and look at their order.",
        (SetTarget(10),),
    ),
    Cue(
        10.0,
        "30 virtual users: three times the requests a second. The latency hardly moves: there is "
        "room.",
        (SetTarget(30),),
    ),
    Cue(
        20.0,
        "60 virtual users. This is the load under which something will break. The next seconds are "
        "what the fault is compared with.",
        (SetTarget(60),),
    ),
)
_RESILIENT = (
    Cue(
        32.0,
        "Now payments answers 2 s late, by a latency toxic on its proxy. orders waits 1 s for it, "
        "and tries once more.",
        (_INJECT,),
    ),
    Cue(
        38.0,
        "Five failures in a row opened the circuit breaker: new orders are refused with 503 at "
        "once. Latency falls, errors rise. That is the trade it makes.",
    ),
    Cue(
        50.0,
        "Every 5 s one order may try whether payments is back. Products are listed as fast as "
        "before: the fault stays where it is.",
    ),
    Cue(
        62.0,
        "The toxic is lifted. The next order that may try succeeds, and the breaker closes.",
        (LiftAll(),),
    ),
)
_FRAGILE = (
    Cue(
        32.0,
        "Now payments answers 2 s late, by a latency toxic on its proxy. Without time-outs every "
        "order waits for it.",
        (_INJECT,),
    ),
    Cue(
        38.0,
        "Nothing fails, but everybody waits: virtual users for their orders, so the requests a "
        "second fall as well.",
    ),
    Cue(
        50.0,
        "Only so many calls to payments fit at once; the other orders queue. That is how one slow "
        "neighbour slows a whole system.",
    ),
    Cue(
        62.0,
        "The toxic is lifted. Watch how long the queue takes to drain.",
        (LiftAll(),),
    ),
)
_FALL = (
    Cue(
        70.0,
        "Recovery is measured from the lift until five seconds in a row are back inside the "
        "band of before. Beside it: before, during, after.",
    ),
    Cue(
        84.0, "The load goes down, gracefully: nobody is cut off in mid-request.", (SetTarget(10),)
    ),
    Cue(
        92.0,
        "Your turn: + and - drive the load, space toggles a fault, and x is panic: it lifts "
        "everything and stops.",
    ),
)


def tour(*, resilience: bool) -> tuple[Cue, ...]:
    """About 90 s: the load rises, payments slow down, the toxic lifts, recovery.

    What happens in between depends on `resilience`: a breaker that opens, or a queue.
    """
    return (*_RISE, *(_RESILIENT if resilience else _FRAGILE), *_FALL)


def headless(duration: float) -> tuple[Cue, ...]:
    """A run of `duration` seconds without an operator: a ramp in the first third, 2 s of latency
    on payments in the middle one, recovery in the last.
    """
    third = duration / 3
    slow = Inject("payments", PAYMENTS_SLOW, ttl=third + 10.0)
    return (
        Cue(0.0, "the load rises", (SetTarget(5),)),
        Cue(third * 0.2, "", (SetTarget(10),)),
        Cue(third * 0.4, "", (SetTarget(20),)),
        Cue(third, "payments answers 2 s late", (slow,)),
        Cue(2 * third, "the latency is lifted", (LiftAll(),)),
    )
