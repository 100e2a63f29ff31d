from __future__ import annotations

import pytest

from loadtui.toxiproxy.address import (
    Address,
    BadAddress,
    is_loopback,
    is_wildcard,
    literal,
    parse,
)


@pytest.mark.parametrize(
    ("text", "address", "printed"),
    [
        ("127.0.0.1:80", Address("127.0.0.1", 80), "127.0.0.1:80"),
        ("[::1]:80", Address("::1", 80), "[::1]:80"),
        ("localhost:http", Address("localhost", 80), "localhost:80"),
        ("a.b:", Address("a.b", 0), "a.b:0"),
        (":0", Address("", 0), ":0"),
        ("", Address("", 0), ":0"),
        ("[fe80::1%lo]:1", Address("fe80::1%lo", 1), "[fe80::1%lo]:1"),
    ],
)
def test_an_address_is_read_and_printed(text: str, address: Address, printed: str) -> None:
    assert parse(text) == address
    assert str(parse(text)) == printed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("localhost", "address localhost: missing port in address"),
        ("::1:80", "address ::1:80: too many colons in address"),
        ("[::1", "address [::1: missing ']' in address"),
        ("[::1]", "address [::1]: missing port in address"),
        ("[::1]]:80", "address [::1]]:80: missing port in address"),
        ("[::1]::80", "address [::1]::80: too many colons in address"),
        ("a]b:80", "address a]b:80: unexpected ']' in address"),
        ("a[b:80", "address a[b:80: unexpected '[' in address"),
        ("a:65536", "address 65536: invalid port"),
        ("a:-1", "address -1: invalid port"),
        ("a:nonsense", "lookup tcp/nonsense: unknown port"),
    ],
)
def test_what_is_no_address_is_told_in_the_originals_words(text: str, said: str) -> None:
    with pytest.raises(BadAddress) as error:
        parse(text)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("host", "kinds"),
    [
        ("127.0.0.1", "literal loopback"),
        ("127.8.0.1", "literal loopback"),
        ("::1", "literal loopback"),
        ("0.0.0.0", "literal wildcard"),
        ("::", "literal wildcard"),
        ("", "wildcard"),
        ("10.0.0.1", "literal"),
        ("fe80::1%eth0", "literal"),
        ("localhost", ""),
        ("127.1", ""),
    ],
)
def test_hosts_are_told_apart(host: str, kinds: str) -> None:
    found = {"literal": literal(host), "loopback": is_loopback(host), "wildcard": is_wildcard(host)}
    assert " ".join(kind for kind, holds in found.items() if holds) == kinds
