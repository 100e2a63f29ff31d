"""URLs of databases as `--out` has them, and what the environment says about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from loadtui.errors import BadInput
from loadtui.model.result import parse_stats
from loadtui.model.suggest import nearest
from loadtui.outputs.target import Kind, Target

TREND_STATS = ("p(99)",)
"""Stats of trends that k6 sends to Prometheus unless told otherwise."""

RUN_ID = "TEST_RUN_ID"
NO_RUN = "local"

_OTLP_PATH = "/v1/metrics"
_SHAPES: Mapping[str, str] = {
    "influxdb": "http://HOST:8086/DATABASE",
    "prometheus": "http://HOST:9090/api/v1/write",
    "otlp": "http://HOST:4318",
    "statsd": "udp://HOST:8125",
}
_USUAL: Mapping[str, str] = {
    "influxdb": "http://localhost:8086",
    "prometheus": "http://localhost:9090",
    "otlp": "http://localhost:4318",
    "statsd": "udp://localhost:8125",
}
"""Where k6 sends to when it is told no more than the word."""


class Given(NamedTuple):
    """What a URL says: its beginning without a user, its path, and its query."""

    kind: Kind
    base: str
    path: str
    user: str
    password: str
    query: tuple[tuple[str, str], ...]


def target(kind: Kind, place: str, env: Mapping[str, str]) -> Target:
    """The database that a URL names; raises BadInput. Messages repeat nothing of what it says."""
    given = _given(kind, place or _USUAL[kind])
    return _READERS[kind](given, env)


def _influx(given: Given, env: Mapping[str, str]) -> Target:
    def setting(name: str) -> str:
        return _setting(env, f"LOADTUI_INFLUXDB_{name}", f"K6_INFLUXDB_{name}")

    _no_options(given)
    return Target(
        "influxdb",
        f"{given.base}/{given.path.strip('/') or setting('DB') or 'k6'}",
        given.user or setting("USERNAME"),
        given.password or setting("PASSWORD"),
        setting("TOKEN"),
    )


def _prometheus(given: Given, env: Mapping[str, str]) -> Target:
    def setting(name: str) -> str:
        return _setting(env, f"LOADTUI_PROMETHEUS_{name}", f"K6_PROMETHEUS_RW_{name}")

    native, query = _option(given, "native", {"1": True, "0": False})
    stats = setting("TREND_STATS")
    return Target(
        "prometheus",
        f"{given.base}{given.path.rstrip('/') or '/api/v1/write'}{query}",
        given.user or setting("USERNAME"),
        given.password or setting("PASSWORD"),
        setting("BEARER_TOKEN"),
        stats=parse_stats(stats) if stats else TREND_STATS,
        native=native,
    )


def _otlp(given: Given, env: Mapping[str, str]) -> Target:
    names = ("LOADTUI_OTLP", "K6_OTEL", "OTEL_EXPORTER_OTLP_METRICS", "OTEL_EXPORTER_OTLP")
    name = next((f"{each}_HEADERS" for each in names if env.get(f"{each}_HEADERS")), "")
    path = given.path.rstrip("/")
    whole = path if path.endswith(_OTLP_PATH) else f"{path}{_OTLP_PATH}"
    return Target(
        "otlp",
        f"{given.base}{whole}{_query(given.query)}",
        given.user,
        given.password,
        headers=_headers(name, env[name]) if name else (),
        run=env.get(RUN_ID, "").strip() or NO_RUN,
    )


def _statsd(given: Given, env: Mapping[str, str]) -> Target:
    tagged, rest = _option(given, "tags", {"dogstatsd": True, "none": False})
    if rest or given.path.strip("/") or given.user:
        raise BadInput("--out statsd: only tags=dogstatsd may follow", hint=_advice(given.kind))
    is_asked = _setting(env, "LOADTUI_STATSD_TAGS", "K6_STATSD_ENABLE_TAGS")
    return Target("statsd", given.base, tagged=tagged or is_asked in {"true", "1", "dogstatsd"})


_READERS: Mapping[str, Callable[[Given, Mapping[str, str]], Target]] = {
    "influxdb": _influx,
    "prometheus": _prometheus,
    "otlp": _otlp,
    "statsd": _statsd,
}


def _setting(env: Mapping[str, str], ours: str, k6s: str) -> str:
    return env.get(ours) or env.get(k6s, "")


def _given(kind: Kind, place: str) -> Given:
    is_udp = kind == "statsd"
    url = urlsplit(f"udp://{place}" if is_udp and "://" not in place else place)
    port = _port(url, 8125 if is_udp else None)
    schemes = {"udp"} if is_udp else {"http", "https"}
    if url.scheme not in schemes or not url.hostname or port == 0:
        what = "udp://" if is_udp else "http://"
        raise BadInput(f"--out {kind}: that is no {what} URL", hint=_advice(kind))
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    base = f"{url.scheme}://{host}{f':{port}' if port else ''}"
    user, password = unquote(url.username or ""), unquote(url.password or "")
    query = tuple(parse_qsl(url.query, keep_blank_values=True))
    return Given(kind, base, url.path, user, password, query)


def _port(url: SplitResult, usual: int | None) -> int | None:
    """Its port; 0 for one that cannot be."""
    try:
        return usual if url.port is None else url.port
    except ValueError:
        return 0


def _option(given: Given, name: str, values: Mapping[str, bool]) -> tuple[bool, str]:
    """What our option says, and the query without it, which is the server's."""
    rest = tuple(each for each in given.query if each[0] != name)
    for other, _ in rest:
        if nearest(other, (name,)):
            hint = f"did you mean {name}={next(iter(values))}?"
            raise BadInput(f"--out {given.kind}: there is no option {other!r}", hint=hint)
    said = dict(given.query).get(name)
    if said is not None and said not in values:
        raise BadInput(f"--out {given.kind}: {name} is {' or '.join(values)}, not {said!r}")
    return said is not None and values[said], _query(rest)


def _no_options(given: Given) -> None:
    if given.query:
        named = ", ".join(name for name, _ in given.query)
        raise BadInput(
            f"--out {given.kind}: no options are known ({named})", hint=_advice(given.kind)
        )


def _query(pairs: tuple[tuple[str, str], ...]) -> str:
    return f"?{urlencode(pairs)}" if pairs else ""


def _headers(name: str, text: str) -> tuple[tuple[str, str], ...]:
    """`a=b,c=d`, values percent-encoded, as the specification of OTLP exporters has it."""
    pairs = [each.partition("=") for each in text.split(",") if each.strip()]
    if any(not key.strip() or not mark for key, mark, _ in pairs):
        raise BadInput(f"{name} cannot be read", hint="write NAME=VALUE,NAME=VALUE")
    return tuple((key.strip(), unquote(value.strip())) for key, _, value in pairs)


def _advice(kind: Kind) -> str:
    return f"write {kind}={_SHAPES[kind]}"
