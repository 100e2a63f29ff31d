from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.toxiproxy.address import (
    HIGHEST,
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
        ("a:+5", Address("a", 5), "a:5"),
        ("a:-", Address("a", 0), "a:0"),
        ("a:-0", Address("a", 0), "a:0"),
        ("a:0000000000080", Address("a", 80), "a:80"),
        ("a:65535", Address("a", 65535), "a:65535"),
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
        ("a:100000", "address 100000: invalid port"),
        (f"a:{'9' * 5000}", f"address {'9' * 5000}: invalid port"),
        ("a:nonsense", "lookup tcp/nonsense: unknown port"),
        ("a:-+5", "lookup tcp/-+5: unknown port"),
        ("a:²", "lookup tcp/²: unknown port"),
        ("a:٣", "lookup tcp/٣: unknown port"),
        ("a:x\0y", "lookup tcp/x\0y: unknown port"),
        ("a: 80", "lookup tcp/ 80: unknown port"),
    ],
)
def test_what_is_no_address_is_told_in_the_originals_words(text: str, said: str) -> None:
    with pytest.raises(BadAddress) as error:
        parse(text)
    assert str(error.value) == said


@settings(max_examples=60)
@given(st.text() | st.from_regex(r"[\[\]:%.0-9a-f+-]*", fullmatch=True))
def test_any_text_is_an_address_or_told_to_be_none(text: str) -> None:
    with suppress(BadAddress):
        address = parse(text)
        assert 0 <= address.port <= HIGHEST
        assert parse(str(address)) == address


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
        ("::1%lo", "literal loopback"),
        ("127.0.0.1%lo", ""),
        ("localhost", ""),
        ("127.1", ""),
    ],
)
def test_hosts_are_told_apart(host: str, kinds: str) -> None:
    found = {"literal": literal(host), "loopback": is_loopback(host), "wildcard": is_wildcard(host)}
    assert " ".join(kind for kind, holds in found.items() if holds) == kinds
