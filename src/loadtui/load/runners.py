"""All entries of a plan in one worker, side by side: one set of orders, one set of counts."""

from __future__ import annotations

from collections.abc import Sequence

import anyio

from loadtui.load.arrivals import Flow
from loadtui.load.plan import Share, by_hand, weights_of
from loadtui.load.runner import Runner
from loadtui.model.executor import Entry, Manual

ONLY_BY_HAND = Entry("default", Manual(vus=0))
"""What a scenario without load has: VUs come by hand alone."""


class Runners:
    """What a hand wants is divided among the entries by the VUs that they plan."""

    def __init__(self, runners: Sequence[Runner], share: Share) -> None:
        """Nothing runs."""
        self.all = tuple(runners)
        self._weights = weights_of([runner.entry for runner in self.all])
        self._share = share
        self._hand: int | None = None
        for runner in self.all:
            runner.team.share = share

    # -- facts -------------------------------------------------------------------------------

    @property
    def active(self) -> int:
        """VUs that run an iteration, or think, and are to go on."""
        return sum(runner.team.vus.active for runner in self.all)

    @property
    def draining(self) -> int:
        """VUs on their way out."""
        return sum(runner.team.vus.draining for runner in self.all)

    @property
    def allocated(self) -> int:
        """VUs that were made ready."""
        return sum(runner.team.vus.allocated for runner in self.all)

    @property
    def is_over(self) -> bool:
        """Whether the plan is followed to its very end."""
        return all(runner.is_over for runner in self.all)

    # -- orders ------------------------------------------------------------------------------

    def follow(self, at: float) -> None:
        """Follow the plan that began at that moment."""
        self._hand = None
        for runner in self.all:
            runner.follow(at)

    def hand_vus(self, target: int) -> None:
        """Run this worker's part of so many VUs."""
        self._hand = target
        targets = by_hand(target, self._weights, self._share)
        for runner, own in zip(self.all, targets, strict=True):
            runner.hand_vus(own)

    def hand_rate(self, flow: Flow) -> None:
        """Start this worker's part of so many iterations."""
        self._hand = None
        total = sum(self._weights)
        for runner, weight in zip(self.all, self._weights, strict=True):
            part = weight / total
            runner.hand_rate(Flow(flow.at, flow.rate * part, flow.area * part))

    def reshare(self, share: Share) -> None:
        """Take another share of all of it."""
        self._share = share
        for runner in self.all:
            runner.reshare(share)
        if self._hand is not None:
            self.hand_vus(self._hand)

    def cut(self) -> None:
        """Hard stop of all that drain."""
        for runner in self.all:
            runner.team.vus.cut()

    def hold(self, *, on: bool) -> None:
        """Pause or resume."""
        for runner in self.all:
            runner.hold(on=on)

    def cut_overdue(self) -> None:
        """Hard stop of those whose graceful time is over."""
        for runner in self.all:
            runner.cut_overdue()

    async def end(self) -> None:
        """Hard stop of everybody, for good; returns when all have ended."""
        async with anyio.create_task_group() as group:
            for runner in self.all:
                runner.close()
                group.start_soon(runner.team.vus.end)
