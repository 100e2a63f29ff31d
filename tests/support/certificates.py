"""A certificate authority of its own for tests of TLS, made by the openssl program."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="needs the openssl program to make certificates"
)

_EXTENSIONS = """
[leaf]
subjectAltName = DNS:localhost, IP:127.0.0.1
basicConstraints = CA:FALSE
[client]
basicConstraints = CA:FALSE
"""


class Authority:
    """Files in PEM below `folder`: `ca`, and the certificate with key of a server and a client."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.ca = folder / "ca.pem"
        self.server, self.server_key = folder / "server.pem", folder / "server.key"
        self.client, self.client_key = folder / "client.pem", folder / "client.key"
        (folder / "extensions").write_text(_EXTENSIONS)
        self._make("req", "-x509", *self._new_key("ca"), "-out", "ca.pem", "-days", "2")
        self._sign("server", "leaf")
        self._sign("client", "client")

    def server_context(self, *, ask_client: bool = False) -> ssl.SSLContext:
        """Return a context for a server, one that demands a client certificate if asked to."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server, self.server_key)
        if ask_client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.ca)
        return context

    def _new_key(self, name: str) -> list[str]:
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        return [*curve, "-keyout", f"{name}.key", "-subj", f"/CN=loadtui test {name}"]

    def _sign(self, name: str, extensions: str) -> None:
        self._make("req", *self._new_key(name), "-out", f"{name}.csr")
        issuer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"]
        fields = ["-extfile", "extensions", "-extensions", extensions]
        self._make("x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", *issuer, *fields)

    def _make(self, *arguments: str) -> None:
        subprocess.run(
            ["openssl", *arguments], cwd=self._folder, check=True, capture_output=True, timeout=30
        )
