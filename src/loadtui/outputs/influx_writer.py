"""Samples in an InfluxDB, 1.x or 2.x through its 1.x doors: created, filled, tried again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from itertools import count

import httpx
import msgspec

from loadtui.model.point import PointFrame
from loadtui.outputs.again import SIGN_IN, may_change, no_answer
from loadtui.outputs.influx_lines import Labels, Lines, encode_tags
from loadtui.outputs.output import OutputError, Source, expander_of
from loadtui.outputs.samples import Expander
from loadtui.outputs.target import Target

BODY = 5_000
"""Lines of one write, as InfluxDB advises."""

PATIENCE = httpx.Timeout(5.0, connect=2.0)
PAUSES = (0.25, 0.5, 1.0, 2.0)
"""Seconds between tries; the last one from then on."""

_NO_DATABASE = 404


class InfluxWriter:
    """Writes to one database. A write that came to nothing is repeated until it is taken: the same
    points at the same times are the same points there. What is refused for good is counted.
    """

    note = ""

    def __init__(self, target: Target, tell: Callable[[str], None]) -> None:
        """Nothing is connected yet; `tell` is told once of each kind of trouble."""
        base, _, self._database = target.place.rpartition("/")
        auth = httpx.BasicAuth(target.user, target.password) if target.user else None
        headers = {"Authorization": f"Token {target.token}"} if target.token else {}
        self._client = httpx.Client(
            base_url=base, auth=auth, headers=headers, timeout=PATIENCE, trust_env=False
        )
        self._label, self._tell = target.label, tell
        self._expanders: dict[Source, Expander[Labels]] = {}
        self._lines = Lines()
        self._refused, self._why = 0, ""
        self._told: set[str] = set()
        self._is_down = False

    def open(self) -> str:
        """Create the database; one that does not answer yet is no reason not to start."""
        try:
            created = self._client.post("/query", data={"q": self._create()})
            reply = self._write(b"")
        except httpx.HTTPError as error:
            return f"{no_answer(error)}; it is tried again while the load runs"
        if reply.status_code in SIGN_IN:
            raise OutputError(
                f"refuses us ({_reason(reply)}): set LOADTUI_INFLUXDB_USERNAME and"
                " LOADTUI_INFLUXDB_PASSWORD, or LOADTUI_INFLUXDB_TOKEN"
            )
        if reply.status_code == _NO_DATABASE:
            why = "" if created.is_success else f", and creating it failed: {_reason(created)}"
            raise OutputError(f"is not there ({_reason(reply)}{why})")
        return ""  # a 2.x says 400 to a write of nothing, once it knows database and token

    def write(self, source: Source, frame: PointFrame) -> int:
        """Write everything; returns how many samples that were, refused ones included."""
        expander = self._expanders.get(source)
        if expander is None:
            expander = self._expanders[source] = expander_of(source, encode_tags)
        lines = self._lines.encode(expander.samples(frame))
        for start in range(0, len(lines), BODY):
            self._send(lines[start : start + BODY])
        return len(lines)

    def flush(self) -> None:
        """Nothing is held."""

    def close(self) -> None:
        """Leave."""
        self._client.close()

    def lost(self) -> tuple[int, str]:
        """What was refused for good."""
        return self._refused, self._why

    # -- within ------------------------------------------------------------------------------

    def _create(self) -> str:
        name = self._database.replace("\\", "\\\\").replace('"', '\\"')
        return f'CREATE DATABASE "{name}"'

    def _send(self, lines: list[str]) -> None:
        for attempt in count():
            why = self._attempt(lines)
            if why is None:
                break
            self._why = why
            if not self._is_down:
                self._is_down = True
                self._tell(f"{self._label} {why}; what it misses is kept and tried again")
            time.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
        if self._is_down:
            self._is_down = False
            self._tell(f"{self._label} takes samples again")

    def _attempt(self, lines: list[str]) -> str | None:
        """Try once; None when it is settled, else why it is not."""
        try:
            reply = self._write("\n".join(lines).encode())
            if reply.status_code == _NO_DATABASE:  # the server came after us
                self._client.post("/query", data={"q": self._create()})
        except httpx.HTTPError as error:
            return no_answer(error)
        if reply.is_success:
            return None
        if reply.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE and len(lines) > 1:
            half = len(lines) // 2
            self._send(lines[:half])
            self._send(lines[half:])
            return None
        why = f"answered {reply.status_code}: {_reason(reply)}"
        if may_change(reply.status_code):
            return why
        # 400 is also a partial write: all but the lines that it names are in.
        self._refused += _dropped(reply, len(lines))
        self._why = why
        self._say(why)
        return None

    def _write(self, body: bytes) -> httpx.Response:
        where = {"db": self._database, "precision": "ns"}
        return self._client.post("/write", params=where, content=body)

    def _say(self, text: str) -> None:
        kind = text.partition(":")[0]
        if kind not in self._told:
            self._told.add(kind)
            self._tell(f"{self._label} {text}")


def _answer(reply: httpx.Response) -> Mapping[str, str]:
    try:
        return msgspec.json.decode(reply.content, type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def _reason(reply: httpx.Response) -> str:
    said = _answer(reply).get("error") or reply.text or reply.reason_phrase
    return said.strip().splitlines()[0][:200] if said.strip() else "no reason given"


def _dropped(reply: httpx.Response, most: int) -> int:
    said = _answer(reply).get("error", "")
    _, mark, number = said.rpartition("dropped=")
    if said.startswith("partial write") and mark and number.isdecimal():
        return min(most, int(number))
    return most
