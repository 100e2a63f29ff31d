from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from loadtui.errors import BadInput
from loadtui.load.tls import client_context
from loadtui.model.scenario import Tls
from tests.support.certificates import Authority, needs_openssl


def test_servers_are_verified_unless_told_not_to() -> None:
    verifying = client_context(Tls())
    assert (verifying.verify_mode, verifying.check_hostname) == (ssl.CERT_REQUIRED, True)
    trusting = client_context(Tls(verify=False))
    assert (trusting.verify_mode, trusting.check_hostname) == (ssl.CERT_NONE, False)


@pytest.mark.parametrize("field", ["ca", "cert"])
def test_a_file_that_is_not_there_is_named(field: str, tmp_path: Path) -> None:
    path = str(tmp_path / "none.pem")
    tls = Tls(ca=path) if field == "ca" else Tls(cert=path)
    with pytest.raises(BadInput, match=rf"tls\.{field}: .*none\.pem cannot be used: no such file"):
        client_context(tls)


@pytest.mark.parametrize("field", ["ca", "cert"])
def test_a_file_that_is_no_certificate_is_named(field: str, tmp_path: Path) -> None:
    path = tmp_path / "notes.pem"
    path.write_text("no certificate")
    tls = Tls(ca=str(path)) if field == "ca" else Tls(cert=str(path))
    with pytest.raises(BadInput, match=rf"tls\.{field}: .*notes\.pem cannot be used"):
        client_context(tls)


@needs_openssl
def test_only_the_given_authority_is_believed(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    subjects = [
        each["subject"] for each in client_context(Tls(ca=str(authority.ca))).get_ca_certs()
    ]
    assert subjects == [((("commonName", "loadtui test ca"),),)]
