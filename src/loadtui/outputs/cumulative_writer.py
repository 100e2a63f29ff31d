"""How everything stands since the start, posted again and again: what one write missed, the next
one says.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import httpx

from loadtui.model.metric import MetricType
from loadtui.model.point import PointFrame
from loadtui.outputs.again import is_unknown_form, may_change, no_answer, said
from loadtui.outputs.output import Source, expander_of
from loadtui.outputs.samples import Expander
from loadtui.outputs.series_sums import Entry, SeriesSums, TagSet, Told, encode_tags
from loadtui.outputs.target import Target

EVERY = 5.0
"""Seconds between two writes, as k6 does it for Prometheus."""
PAUSE = 0.5
"""Seconds between two tries at the end."""
PATIENCE = httpx.Timeout(5.0, connect=2.0)

PART = 1_000
"""Sums in one request: well below what servers, and what proxies before them, take at once; fewer
where they do not.
"""

ALL: frozenset[MetricType] = frozenset({"counter", "gauge", "rate", "trend"})

Encode = Callable[[Sequence[Entry], int], bytes]
"""Sums as a request's body, at ns of the epoch."""


class Channel:
    """One form in which sums are told. `kinds`: of which metrics. `is_extra`: tells nothing that
    another channel does not, so a server that does not know the form loses nothing.
    """

    def __init__(
        self, encode: Encode, kinds: frozenset[MetricType] = ALL, *, is_extra: bool = False
    ) -> None:
        """Nothing is told."""
        self.encode, self.is_extra = encode, is_extra
        self.told = Told(kinds)


class CumulativeWriter:
    """Sums up everything and posts it every `EVERY` seconds and at the end."""

    def __init__(
        self,
        target: Target,
        headers: Mapping[str, str],
        channels: tuple[Channel, ...],
        tell: Callable[[str], None],
    ) -> None:
        """Nothing is connected yet; `tell` is told when trouble begins and ends."""
        auth = httpx.BasicAuth(target.user, target.password) if target.user else None
        signed = {"Authorization": f"Bearer {target.token}"} if target.token else {}
        self.client = httpx.Client(
            auth=auth,
            headers={**headers, **signed, **dict(target.headers)},
            timeout=PATIENCE,
            trust_env=False,
        )
        self.note = ""
        self._target, self.tell = target, tell
        self._channels = channels
        self._sums = SeriesSums()
        self._expanders: dict[Source, Expander[TagSet]] = {}
        self._due = time.monotonic() + EVERY
        self._last, self._part = 0, PART
        self._why, self._refused = "", 0
        self._is_down = False

    def write(self, source: Source, frame: PointFrame) -> int:
        """Sum everything up; returns how many samples that were."""
        expander = self._expanders.get(source)
        if expander is None:
            expander = self._expanders[source] = expander_of(source, encode_tags)
        return self._sums.add(expander.samples(frame), source.kinds)

    def flush(self) -> None:
        """Write how everything stands, when it is time."""
        if time.monotonic() >= self._due:
            self._push()
            # From its end: one that took long must leave time to sum up what came meanwhile.
            self._due = time.monotonic() + EVERY

    def close(self) -> None:
        """Write how everything stands at the end, until that is taken or refused for good."""
        while not self._push():
            time.sleep(PAUSE)
        self.client.close()

    def lost(self) -> tuple[int, str]:
        """What no write has told yet, and what was refused for good."""
        return self._pending() + self._refused, self._why

    def post(self, body: bytes) -> httpx.Response:
        """Send to where the target says."""
        return self.client.post(self._target.place, content=body)

    # -- what differs from server to server ---------------------------------------------------

    def unknown_form(self, reply: httpx.Response) -> str:
        """What to say when an extra channel's form is what the server does not take, else ""."""
        return f"answered {reply.status_code}" if is_unknown_form(reply) else ""

    def not_taken(self, reply: httpx.Response) -> tuple[int, str]:  # noqa: ARG002 - all or nothing
        """How much an answer of success refuses all the same, and why."""
        return 0, ""

    # -- within ------------------------------------------------------------------------------

    def _push(self) -> bool:
        """Write; whether there is nothing left to try."""
        # Two writes never have the same time: the later one would be refused as a duplicate.
        now = self._last = max(time.time_ns(), self._last + 1_000_000)
        settled = [self._push_channel(channel, now) for channel in self._channels]
        if self._is_down and not self._pending():
            self._is_down = False
            self.tell(f"{self._target.label} takes samples again")
        return all(settled)

    def _pending(self) -> int:
        return max(each.told.samples_missing(self._sums) for each in self._channels)

    def _push_channel(self, channel: Channel, now: int) -> bool:
        missing = channel.told.missing(self._sums)
        while missing:
            part, missing = missing[: self._part], missing[self._part :]
            try:
                reply = self.post(channel.encode(part, now))
            except httpx.HTTPError as error:
                self._trouble(no_answer(error))
                return False
            if reply.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE and len(part) > 1:
                self._part = len(part) // 2
                missing = part + missing
            elif not reply.is_success:
                return self._failed(channel, reply)
            else:
                channel.told.taken(part)
                self._note_refused(reply)
        return True

    def _note_refused(self, reply: httpx.Response) -> None:
        count, why = self.not_taken(reply)
        if count and not self._refused:
            self.tell(f"{self._target.label} refuses some: {why[:200]}")
        if count:
            self._refused, self._why = self._refused + count, why[:200]

    def _failed(self, channel: Channel, reply: httpx.Response) -> bool:
        """Whether there is nothing left to try."""
        why = self.unknown_form(reply) if channel.is_extra else ""
        if why:
            self._channels = tuple(each for each in self._channels if each is not channel)
            self.tell(f"{self._target.label} {why}")
            self.note = why
            return True
        status = reply.status_code
        self._trouble(f"answered {status}: {said(reply)}")
        return not may_change(status)

    def _trouble(self, why: str) -> None:
        self._why = why
        if not self._is_down:
            self.tell(f"{self._target.label} {why}; the next write says all")
        self._is_down = True
