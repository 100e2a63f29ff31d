"""What a journey gets for a request: httpx's words over an exchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from loadtui.load.exchange import Exchange, final_head
from loadtui.load.head import fields_of
from loadtui.measure.recorder import Series
from loadtui.model.error_code import error_code, status_code_error


class Timings(msgspec.Struct, frozen=True):
    """Seconds of each phase, with k6's meanings; `duration` is sending + waiting + receiving."""

    blocked: float
    connecting: float
    tls_handshaking: float
    sending: float
    waiting: float
    receiving: float
    duration: float


class Headers(Mapping[str, str]):
    """Headers of an answer, found whatever the case; several of one name are joined by ", "."""

    def __init__(self, head: bytes) -> None:
        """Take the head of an answer apart."""
        self._values: dict[str, str] = {}
        for name, field in fields_of(final_head(head)):
            key, value = name.decode("latin-1").strip().lower(), field.decode("latin-1").strip()
            known = self._values.get(key)
            self._values[key] = value if known is None else f"{known}, {value}"

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({self._values!r})"


class Response:
    """An answer, or why there is none: then `status_code` is 0 and `error` says the kind.

    A failed request never raises. After redirects this is the last answer; `url` is what was asked.
    """

    __slots__ = ("_exchange", "_headers", "series", "url")

    def __init__(self, exchange: Exchange, url: str, series: Series) -> None:
        """`series`: where it was counted, and where its checks will be."""
        self._exchange, self.series, self.url = exchange, series, url
        self._headers: Headers | None = None

    def __repr__(self) -> str:
        return f"<Response [{self.error or self.status_code}]>"

    @property
    def status_code(self) -> int:
        """The status, 0 without an answer."""
        return self._exchange.status

    @property
    def is_success(self) -> bool:
        """Whether the status is 200 to 299."""
        return 200 <= self._exchange.status <= 299

    @property
    def error(self) -> str:
        """The kind of failure, such as "timeout" or "refused"; "" when there was an answer."""
        return self._exchange.error

    @property
    def error_code(self) -> int:
        """k6's code of the failure, or 1000 + status from 400 on; 0 when there is nothing wrong."""
        exchange = self._exchange
        return error_code(exchange.error) if exchange.error else status_code_error(exchange.status)

    @property
    def headers(self) -> Headers:
        """The answer's headers."""
        if self._headers is None:
            self._headers = Headers(self._exchange.head)
        return self._headers

    @property
    def content(self) -> bytes:
        """The body, its content coding undone."""
        return self._exchange.body

    @property
    def text(self) -> str:
        """The body as text, in the charset that the answer names, else UTF-8."""
        _, _, charset = (self._exchange.header("content-type") or "").lower().partition("charset=")
        try:
            return self.content.decode(
                charset.partition(";")[0].strip(" \"'") or "utf-8", "replace"
            )
        except LookupError:
            return self.content.decode("utf-8", "replace")

    def json(self) -> Any:  # noqa: ANN401 - JSON is anything
        """The body read as JSON; raises ValueError with a sentence when it is none."""
        if self._exchange.error:
            raise ValueError(f"there is no answer to read: {self._exchange.error}")
        return self._exchange.json()

    @property
    def http_version(self) -> str:
        """Such as "HTTP/1.1"; "" without an answer."""
        return final_head(self._exchange.head).partition(b" ")[0].decode("latin-1")

    @property
    def elapsed(self) -> timedelta:
        """What `http_req_duration` counts; after a time-out the full wait."""
        return timedelta(microseconds=self._exchange.duration_us)

    @property
    def timings(self) -> Timings:
        """Where the time went."""
        of = self._exchange
        return Timings(
            blocked=of.blocked / 1e6,
            connecting=of.connecting / 1e6,
            tls_handshaking=of.tls_handshaking / 1e6,
            sending=of.sending / 1e6,
            waiting=of.waiting / 1e6,
            receiving=of.receiving / 1e6,
            duration=of.duration_us / 1e6,
        )
