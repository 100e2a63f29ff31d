"""A database of the operator's own: where it listens, and how to reach it through a proxy."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit, urlunsplit

from loadtui.errors import BadInput

_FORM = "write it as postgresql://user:password@host:5432/database"


def address(dsn: str) -> tuple[str, int]:
    """Host and port of a DSN; raises BadInput for what a TCP proxy cannot stand in front of."""
    try:
        parts = urlsplit(dsn)
        place = parts.netloc.rpartition("@")[2]
        # A list of servers, or the folder of a Unix socket.
        several = "," in place or "%2f" in place.lower()
        host, port = ("", 0) if several else (parts.hostname or "", parts.port or 5432)
    except ValueError as error:
        raise BadInput(f"--postgres: {error}", hint=_FORM) from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadInput("--postgres is no URL of a PostgreSQL server", hint=_FORM)
    if not host:
        raise BadInput("--postgres names no single host, which a proxy needs", hint=_FORM)
    if {"host", "hostaddr", "port", "service"} & set(parse_qs(parts.query)):
        raise BadInput("--postgres names its host after the `?`", hint=_FORM)
    return host, port


def through(dsn: str, port: int) -> str:
    """The same DSN by way of a proxy that listens on 127.0.0.1:`port`."""
    parts = urlsplit(dsn)
    credentials, at, _ = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{credentials}{at}127.0.0.1:{port}"))


def join(host: str, port: int) -> str:
    """`host:port`, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
