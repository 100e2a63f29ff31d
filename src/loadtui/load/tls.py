"""What a TLS client accepts and shows, from a scenario's `tls`."""

from __future__ import annotations

import ssl

from loadtui.errors import BadInput
from loadtui.model.scenario import Tls


def client_context(tls: Tls) -> ssl.SSLContext:
    """Return one context for all connections of a worker; servers are verified unless told not to.

    `ca` replaces the system's authorities.
    Every connection makes a whole handshake, as k6's do: Python copies a TLS 1.3 session by
    serialising it, which costs the CPU that resuming it would save. Raises BadInput naming the file
    that cannot be used.
    """
    context = _with_authorities(tls)
    context.set_alpn_protocols(["http/1.1"])
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.cert:
        _load_own(context, tls)
    return context


def _with_authorities(tls: Tls) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=tls.ca or None)
    except OSError as error:
        raise _unusable("ca", tls.ca, error) from None


def _load_own(context: ssl.SSLContext, tls: Tls) -> None:
    try:
        # An encrypted key would otherwise make OpenSSL ask on the terminal of a worker.
        context.load_cert_chain(tls.cert, tls.key or None, password="")
    except OSError as error:
        raise _unusable("cert", tls.cert, error) from None


def _unusable(name: str, path: str, error: OSError) -> BadInput:
    why = error.reason if isinstance(error, ssl.SSLError) else error.strerror
    return BadInput(
        f"tls.{name}: {path} cannot be used: {(why or str(error)).replace('_', ' ').lower()}",
        hint="give the path of a PEM file (for cert: with its key, not encrypted)",
    )
