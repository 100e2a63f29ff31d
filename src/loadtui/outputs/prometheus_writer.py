"""Samples as k6's series in a Prometheus, by remote write."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from loadtui.model.point import PointFrame
from loadtui.outputs.output import OutputError, Source, expander_of
from loadtui.outputs.prometheus_series import Series, TagSet, encode_tags
from loadtui.outputs.remote_write import Reading, request
from loadtui.outputs.samples import Expander
from loadtui.outputs.target import Target

EVERY = 5.0
"""Seconds between two writes, as in k6."""
PAUSE = 0.5
"""Seconds between two tries at the end."""
PATIENCE = httpx.Timeout(5.0, connect=2.0)

_HEADERS = {
    "Content-Encoding": "snappy",
    "Content-Type": "application/x-protobuf",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}
_SIGN_IN = (401, 403)


class PrometheusWriter:
    """Sums up everything and writes how it stands; what one write missed, the next one says."""

    def __init__(self, target: Target, tell: Callable[[str], None]) -> None:
        """Nothing is connected yet; `tell` is told when trouble begins and ends."""
        auth = httpx.BasicAuth(target.user, target.password) if target.user else None
        signed = {"Authorization": f"Bearer {target.token}"} if target.token else {}
        self._client = httpx.Client(
            auth=auth, headers={**_HEADERS, **signed}, timeout=PATIENCE, trust_env=False
        )
        self._target, self._tell = target, tell
        self._series = Series(target.stats)
        self._expanders: dict[Source, Expander[TagSet]] = {}
        self._due = time.monotonic() + EVERY
        self._pending, self._why = 0, ""
        self._is_down = False

    def open(self) -> str:
        """Ask with a write of nothing; one that does not answer yet is no reason not to start."""
        try:
            reply = self._post([])
        except httpx.HTTPError as error:
            return f"does not answer ({error}); it is tried again while the load runs"
        if reply.status_code in _SIGN_IN:
            raise OutputError(
                f"refuses us ({reply.status_code}): set LOADTUI_PROMETHEUS_USERNAME and"
                " LOADTUI_PROMETHEUS_PASSWORD, or LOADTUI_PROMETHEUS_BEARER_TOKEN"
            )
        if reply.status_code == httpx.codes.NOT_FOUND:
            raise OutputError(
                "takes no remote write there (404): start Prometheus with"
                " --web.enable-remote-write-receiver"
            )
        return ""

    def write(self, source: Source, frame: PointFrame) -> int:
        """Sum everything up; returns how many samples that were."""
        expander = self._expanders.get(source)
        if expander is None:
            expander = self._expanders[source] = expander_of(source, encode_tags)
        count = self._series.add(expander.samples(frame), source.kinds)
        self._pending += count
        return count

    def flush(self) -> None:
        """Write how everything stands, when it is time."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + EVERY
            self._push()

    def close(self) -> None:
        """Write how everything stands at the end, until that is taken or refused for good."""
        while self._pending and not self._push():
            time.sleep(PAUSE)
        self._client.close()

    def lost(self) -> tuple[int, str]:
        """What no write has told yet."""
        return self._pending, self._why

    def _push(self) -> bool:
        """Write; whether there is nothing left to try."""
        readings = self._series.readings(time.time_ns() // 1_000_000)
        try:
            reply = self._post(readings)
            status, said = reply.status_code, reply.text.strip()
        except httpx.HTTPError as error:
            status, said = 0, str(error) or type(error).__name__
        if 0 < status < 300:
            self._pending = 0
            if self._is_down:
                self._tell(f"{self._target.label} takes samples again")
            self._is_down = False
            return True
        self._series.again(readings)
        self._why = f"answered {status}: {said[:200]}" if status else f"does not answer ({said})"
        if not self._is_down:
            self._tell(f"{self._target.label} {self._why}; the next write says all")
        self._is_down = True
        return 400 <= status < 500 and status != httpx.codes.TOO_MANY_REQUESTS

    def _post(self, readings: list[Reading]) -> httpx.Response:
        return self._client.post(self._target.place, content=request(readings))
