"""A service that the orders API calls: over httpx, as patiently as its policy says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import httpx
import msgspec

from loadtui.demo.breaker import Breaker, Event, decide, wait_left
from loadtui.demo.lines import Lines
from loadtui.demo.policy import Failure, Policy, may_retry


class Outcome(msgspec.Struct, frozen=True):
    """How a call ended: `body` of a good answer, or `failure` and after how many seconds it is
    worth asking again (0: unknown).
    """

    body: bytes = b""
    failure: Failure | None = None
    wait: float = 0.0


class Neighbour:
    """One neighbour and all calls to it."""

    def __init__(
        self, url: str, policy: Policy, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare for the service at `url`; connections are opened by the first calls."""
        self._policy, self._clock = policy, clock
        self._breaker = Breaker()
        self._lines = Lines(url)
        self.retries = self.timeouts = 0

    @property
    def breaker(self) -> Breaker | None:
        """The breaker as it stands, None without one."""
        return self._breaker if self._policy.breaker is not None else None

    async def post(self, body: bytes) -> Outcome:
        """Send `body` (JSON) until it is answered or patience ends; never raises for a failure."""
        tries = 0
        while True:
            outcome = await self._guarded(body)
            tries += 1
            if outcome.failure is None or not may_retry(self._policy, tries, outcome.failure):
                return outcome
            self.retries += 1

    async def _guarded(self, body: bytes) -> Outcome:
        """One try, if the breaker allows it."""
        if not self._tell("asked"):
            rules = self._policy.breaker
            wait = wait_left(self._breaker, self._clock(), rules) if rules else 0.0
            return Outcome(failure="refused", wait=wait)
        good = False
        try:
            outcome = await self._try(body)
            good = outcome.failure is None
            return outcome
        finally:  # also when it is cancelled: a probe that never reports would leave it half-open
            self._tell("succeeded" if good else "failed")

    def _tell(self, event: Event) -> bool:
        if self._policy.breaker is None:
            return True
        self._breaker, allowed = decide(self._breaker, event, self._clock(), self._policy.breaker)
        return allowed

    async def _try(self, body: bytes) -> Outcome:
        try:
            async with asyncio.timeout(self._policy.timeout):
                status, answer = await self._lines.post(body)
        except TimeoutError:
            self.timeouts += 1
            return Outcome(failure="timeout")
        except httpx.TransportError:
            return Outcome(failure="unreachable")
        return Outcome(failure="answer") if status >= 500 else Outcome(answer)

    async def aclose(self) -> None:
        """Close its connections."""
        await self._lines.aclose()
