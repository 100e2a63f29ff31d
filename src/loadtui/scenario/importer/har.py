"""A browser's recording (HAR 1.2) → requests with think time between them (pure)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from loadtui.errors import BadInput
from loadtui.scenario.importer.found import Found, FoundRequest, literal, put_body
from loadtui.scenario.importer.secret import form_of, hide

_ENTRIES = re.compile(r'"entries"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_ASSETS = re.compile(r"image/|font/|text/css|javascript|video/|audio/|application/font")
_ASSET_KINDS = frozenset({"image", "font", "stylesheet", "script", "media", "manifest"})
_DROPPED = re.compile(
    r":.*|host|content-length|connection|accept-encoding|cookie|sec-.*|if-none-match|"
    r"if-modified-since|transfer-encoding|te|keep-alive|priority|dnt|upgrade-insecure-requests|"
    r"pragma|cache-control|traceparent|tracestate|proxy-.*"
)
"""What the browser, its cache or its connection added; VUs keep cookies of their own."""

_SHORTEST = 0.05
"""Seconds. A shorter gap is no thinking."""


class Wanted(msgspec.Struct, frozen=True):
    """What to take. `hosts`: none means that of the most requests."""

    secrets: bool = False
    assets: bool = False
    hosts: tuple[str, ...] = ()


class _Entry(msgspec.Struct):
    """One request of the recording; `begins` and `ends` in Unix seconds, None where not told."""

    line: int
    data: dict[str, Any]
    request: dict[str, Any]
    url: str
    host: str
    begins: float | None
    ends: float | None


def from_har(text: str, wanted: Wanted) -> Found:
    """The requests of a recording, in the order of their starts.

    Raises:
        BadInput: for what is no recording.
    """
    found = Found(name="har")
    entries = [each for line, data in _entries(text) if (each := _entry(line, data, found))]
    entries.sort(key=lambda each: each.begins or 0.0)
    hosts = {host.lower() for host in wanted.hosts} or _main_host(entries)
    kept = [each for each in entries if _is_wanted(each, wanted, hosts, found)]
    for index, entry in enumerate(kept):
        request = _request(entry, found, keeps_secrets=wanted.secrets)
        request.think = _think(kept, index)
        found.requests.append(request)
    return found


def _entries(text: str) -> Iterator[tuple[int, Any]]:
    """Each entry with its line."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        at = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise BadInput(f"this is no JSON{at}", hint="export the recording as HAR again") from None
    log = whole.get("log") if isinstance(whole, dict) else None
    listed = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(listed, list):
        raise BadInput("this is no recording: log.entries is missing", hint="export it as HAR")
    yield from zip(_lines(text, len(listed)), listed, strict=True)


def _lines(text: str, count: int) -> list[int]:
    """Where each entry begins."""
    begin = _ENTRIES.search(text)
    if begin is None:
        return [0] * count
    decoder, at, line, out = json.JSONDecoder(), begin.end(), 1, []
    line += text.count("\n", 0, at)
    for _ in range(count):
        gap = _BETWEEN.match(text, at)
        start = gap.end() if gap else at
        line += text.count("\n", at, start)
        out.append(line)
        try:
            _, at = decoder.raw_decode(text, start)
        except ValueError:  # another list of that name came first
            return [0] * count
        line += text.count("\n", start, at)
    return out


def _entry(line: int, data: Any, found: Found) -> _Entry | None:  # noqa: ANN401 - foreign
    request = data.get("request") if isinstance(data, dict) else None
    url = request.get("url") if isinstance(request, dict) else None
    if not isinstance(request, dict) or not isinstance(url, str):
        found.skip(line, "this entry has no request with a url")
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        found.skip(line, f"{url[:80]} is no url")
        return None
    if parts.scheme not in {"http", "https"}:
        found.skip(line, f"{url[:80]}: only http and https are loaded")
        return None
    begins, lasted = _moment(data.get("startedDateTime")), data.get("time")
    known = isinstance(lasted, int | float) and not isinstance(lasted, bool) and lasted >= 0
    ends = begins + lasted / 1000 if begins is not None and known else begins
    return _Entry(line, data, request, url, host, begins, ends)


def _moment(written: object) -> float | None:
    try:
        return datetime.fromisoformat(str(written)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _main_host(entries: Sequence[_Entry]) -> set[str]:
    counted = Counter(each.host for each in entries)
    return {host for host, _ in counted.most_common(1)}


def _is_wanted(entry: _Entry, wanted: Wanted, hosts: set[str], found: Found) -> bool:
    shown = f"{_method(entry)} {entry.url[:80]}"
    if entry.host not in hosts:
        found.skip(entry.line, f"{shown} is another host; --host {entry.host} takes it")
        return False
    if not wanted.assets and _is_asset(entry):
        found.skip(entry.line, f"{shown} is an asset; --assets takes it")
        return False
    return True


def _is_asset(entry: _Entry) -> bool:
    if entry.data.get("_resourceType") in _ASSET_KINDS:
        return True
    content = _mapping(_mapping(entry.data.get("response")).get("content"))
    return _ASSETS.search(str(content.get("mimeType", "")).lower()) is not None


def _request(entry: _Entry, found: Found, *, keeps_secrets: bool) -> FoundRequest:
    out = FoundRequest(
        line=entry.line,
        url=literal(entry.url.partition("#")[0]),
        method=_method(entry),
        headers=_headers(entry, keeps_cookies=keeps_secrets),
    )
    _body(out, _mapping(entry.request.get("postData")), found)
    status = _mapping(entry.data.get("response")).get("status")
    if isinstance(status, int) and 200 <= status < 300:
        out.checks = {f"status is {status}": {"status": status}}
    if not keeps_secrets:
        hide(out, found)
    return out


def _method(entry: _Entry) -> str:
    return str(entry.request.get("method") or "GET").upper()


def _headers(entry: _Entry, *, keeps_cookies: bool) -> dict[str, str]:
    out = {}
    listed = entry.request.get("headers")
    for each in listed if isinstance(listed, list) else ():
        name, value = str(_mapping(each).get("name", "")).lower(), _mapping(each).get("value")
        is_cookie = keeps_cookies and name == "cookie"
        if isinstance(value, str) and (is_cookie or not _DROPPED.fullmatch(name)):
            out[name] = literal(value)
    return out


def _body(out: FoundRequest, data: dict[str, Any], found: Found) -> None:
    text = data.get("text")
    if not isinstance(text, str) or not text:
        pairs = data.get("params")
        params = [_mapping(each) for each in pairs] if isinstance(pairs, list) else []
        if params:
            fields = {str(p.get("name")): literal(str(p.get("value", ""))) for p in params}
            out.form = fields
            out.without("content-type")
        return
    kind = str(data.get("mimeType", ""))
    if kind.lower().startswith("multipart/"):
        found.skip(out.line, "the multipart body is sent as it was recorded")
    if not out.header("content-type") and kind:
        out.headers["content-type"] = literal(kind)
    form = form_of(text) if "x-www-form-urlencoded" in kind else None
    if form is not None:
        out.form = {name: literal(value) for name, value in form.items()}
        out.without("content-type")
    else:
        put_body(out, literal(text))


def _think(kept: Sequence[_Entry], index: int) -> float:
    """Seconds between the end of an entry and the start of the next."""
    if index + 1 >= len(kept):
        return 0.0
    ends = [each.ends for each in kept[: index + 1] if each.ends is not None]
    begins = kept[index + 1].begins
    gap = round(begins - max(ends), 2) if ends and begins is not None else 0.0
    return gap if gap >= _SHORTEST else 0.0


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
