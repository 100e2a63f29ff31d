"""A journey's requests as bytes: what one was written with is kept for the next that is like it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from loadtui.load.head import Call, checked, encoded, length_of, lines_of, opening_of
from loadtui.load.url import Origin, split
from loadtui.load.values import Fill, Values, filler
from loadtui.model.journey import Code
from loadtui.model.text import Text

KEPT = 4096
"""Combinations of method, URL and header names that are kept."""

NONE: Mapping[str, str] = {}


class Start(NamedTuple):
    """What requests of one method, URL and set of header names have in common.

    `head`: the first line and every header that is constant. `fresh`: the lines of the scenario's
    headers whose values are not; none can hold what ends a header, for nothing was saved.
    """

    url: str
    origin: Origin
    head: str
    fresh: tuple[tuple[str, Fill], ...]
    waits: bool


class Calls:
    """Writes requests with the target and the headers of the scenario."""

    def __init__(self, code: Code) -> None:
        """Nothing is kept yet."""
        self._base = code.target.rstrip("/")
        self._headers = code.headers
        self._kept: dict[tuple[str, ...], Start] = {}

    def start(self, method: str, url: str, kind: str, own: Mapping[str, str] = NONE) -> Start:
        """The beginning of a request; `kind`: the body's content type, "" for none.

        ValueError with a sentence for what must not be sent.
        """
        key = (method, url, kind, *own)
        try:
            return self._kept[key]
        except KeyError:
            pass
        made = self._start(method, url, kind, own)
        if len(self._kept) >= KEPT:
            self._kept.clear()
        self._kept[key] = made
        return made

    def absolute(self, url: str) -> str:
        """The URL that is sent, joined to the target as a request list's is."""
        if "://" in url.partition("?")[0]:
            return url
        if not self._base or url.startswith("//"):
            raise ValueError(f"the url {url!r} is relative and there is no target")
        return f"{self._base}{'' if url.startswith(('/', '?')) else '/'}{url}"

    def _start(self, method: str, url: str, kind: str, own: Mapping[str, str]) -> Start:
        whole = self.absolute(url)
        origin, target = split(whole)
        taken = {name.lower() for name in own}
        pairs = [(name, text) for name, text in self._headers if name.lower() not in taken]
        if kind and "content-type" not in taken:
            pairs = [pair for pair in pairs if pair[0].lower() != "content-type"]
            pairs.append(("content-type", Text((kind,))))
        names = (*(name for name, _ in pairs), *own)
        opening, waits = opening_of(origin, names)
        fixed = [(name, text.render(str)) for name, text in pairs if text.is_constant]
        return Start(
            url=whole,
            origin=origin,
            head=f"{checked(method)} {target} HTTP/1.1\r\n{opening}{lines_of(fixed)}",
            fresh=tuple((name, filler(text)) for name, text in pairs if not text.is_constant),
            waits=waits,
        )


def write(
    start: Start,
    method: str,
    own: Mapping[str, str],
    body: bytes | None,
    timeout: float,
    values: Values,
) -> Call:
    """The request, as `build_call` would make it; ValueError with a sentence for a bad value."""
    headers = list(own.items())
    if start.fresh:
        headers += [(name, fill(values)) for name, fill in start.fresh]
    head = encoded(f"{start.head}{lines_of(headers)}{length_of(method, body)}\r\n")
    body = body or b""
    call = Call(method, start.origin, head + body, body, timeout)
    call.keeps_body = True
    if start.waits and body:
        call.expects = call.header("expect").lower() == "100-continue"
    return call
