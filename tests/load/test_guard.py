from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.guard import is_allowed


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost", "127.0.0.1"),
        ("localhost", "::1"),
        ("127.8.9.10", "127.8.9.10"),
        ("localhost.evil.example", "127.0.0.1"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
        ("::1", "::1%lo"),
    ],
)
def test_loopback_needs_no_permission(host: str, address: str) -> None:
    assert is_allowed(host, address, ())


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost", "93.184.216.34"),
        ("localhost.evil.example", "93.184.216.34"),
        ("127.0.0.1.evil.example", "10.0.0.1"),
        ("0.0.0.0", "0.0.0.0"),
        ("::", "::"),
        ("::ffff:0.0.0.0", "::ffff:0.0.0.0"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("::127.0.0.1", "::127.0.0.1"),
        ("64:ff9b::127.0.0.1", "64:ff9b::7f00:1"),
        ("link", "fe80::1%lo"),
        ("here", "192.168.1.10"),
        ("odd", "127.1"),
        ("odd", "localhost"),
        ("odd", ""),
    ],
)
def test_elsewhere_is_refused_however_it_is_dressed(host: str, address: str) -> None:
    assert not is_allowed(host, address, ())


@pytest.mark.parametrize(
    ("host", "address", "entry"),
    [
        ("api.example", "10.0.0.1", "api.example"),
        ("api.example.", "10.0.0.1", "API.example"),
        ("api.example", "10.0.0.1", "10.0.0.1"),
        ("api.example", "::ffff:10.0.0.1", "10.0.0.1"),
        ("api.example", "10.9.8.7", "10.0.0.0/8"),
        ("api.example", "fe80::1%eth0", "fe80::1"),
        ("fe80::1%eth0", "fe80::1%eth0", "fe80::1%eth0"),
        ("api.example", "2001:db8::1", "[2001:db8::1]"),
        ("0.0.0.0", "0.0.0.0", "0.0.0.0"),
    ],
)
def test_what_is_allowed_by_name_address_or_network_may_be_loaded(
    host: str, address: str, entry: str
) -> None:
    assert is_allowed(host, address, ("other.example", entry))


@pytest.mark.parametrize(
    ("host", "address", "entry"),
    [
        ("api.example", "10.0.0.1", "example"),
        ("evil-api.example", "10.0.0.1", "api.example"),
        ("api.example.evil", "10.0.0.1", "api.example"),
        ("api.example", "10.0.0.1", "10.0.0.2"),
        ("api.example", "10.0.0.1", "::ffff:10.0.0.2"),
        ("api.example", "10.0.0.1", "*"),
        ("", "10.0.0.1", ""),
        (".", "10.0.0.1", ""),
    ],
)
def test_what_only_resembles_an_entry_is_refused(host: str, address: str, entry: str) -> None:
    assert not is_allowed(host, address, (entry,))


@given(st.text(), st.ip_addresses(), st.booleans())
def test_without_an_entry_nothing_but_loopback_passes(
    host: str, address: object, zoned: bool
) -> None:
    text = f"{address}%eth0" if zoned and ":" in str(address) else str(address)
    inside = text.startswith("127.") or text.partition("%")[0] == "::1"
    assert is_allowed(host, text, ()) == (inside or text.startswith("::ffff:127."))
