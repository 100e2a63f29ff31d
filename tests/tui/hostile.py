"""The screen on a system in which everything has a hostile name: `python -m tests.tui.hostile`.

Every step of the load (`+`) moves on to the next names.
"""

from __future__ import annotations

import sys
from itertools import cycle, islice

import msgspec

from loadtui.model.command import AnyCommand, Quit, Step
from loadtui.model.marker import Marker
from loadtui.model.snapshot import Snapshot
from loadtui.tui.app import run
from loadtui.tui.setup import Setup
from tests.support.hostile import HOSTILE
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot


def named(start: int) -> Snapshot:
    """The state with a fault on, every text of it one of the hundred, from that one on."""
    texts = islice(cycle(HOSTILE), start, None)
    what, replace = snapshot("fault"), msgspec.structs.replace
    markers = tuple(
        Marker(number=n, at=n, kind="note", what=next(texts), detail=next(texts), short=next(texts))
        for n in range(1, 30)
    )
    proxies = []
    for proxy in what.chaos.proxies:
        slots = tuple(replace(slot, fault=next(texts), trouble=next(texts)) for slot in proxy.slots)
        proxies.append(
            replace(proxy, name=next(texts), listen=next(texts), upstream=next(texts), slots=slots)
        )
    server = {"server": next(texts), "message": next(texts), "blocked": next(texts)}
    return replace(
        what,
        target=start,
        name=next(texts),
        target_url=next(texts),
        markers=(*what.markers, *(replace(m, number=m.number + 10) for m in markers)),
        comparisons=tuple(replace(each, what=next(texts)) for each in what.comparisons),
        endpoints=tuple(replace(each, name=next(texts)) for each in what.endpoints),
        thresholds=tuple(replace(each, source=next(texts)) for each in what.thresholds),
        errors_now={next(texts): 9.0, next(texts): 8.0},
        question=next(texts),
        caption=next(texts),
        plan=next(texts),
        news=next(texts),
        news_number=start + 1,
        journal=next(texts),
        generator=replace(what.generator, why=next(texts), advice=next(texts)),
        chaos=replace(what.chaos, proxies=tuple(proxies), **server),
    )


class Hostile(ScriptedLink):
    """Moves on with each step."""

    def send(self, command: AnyCommand) -> None:
        """Show the next names, or end."""
        super().send(command)
        if isinstance(command, Step):
            self.show(named(self.latest().target + 9))
        elif isinstance(command, Quit):
            self.change(phase="ended")


if __name__ == "__main__":
    sys.exit(run(Hostile(named(0)), Setup()).code)
