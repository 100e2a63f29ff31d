from __future__ import annotations

import pytest

from loadtui.toxiproxy.address import Address, BadAddress
from loadtui.toxiproxy.names import addresses, resolve


async def test_a_name_becomes_addresses_ipv4_first() -> None:
    found = await addresses("localhost", 80)
    assert found[0] == Address("127.0.0.1", 80)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("localhost:80", Address("127.0.0.1", 80)),
        ("[::1]:80", Address("::1", 80)),
        (":80", Address("", 80)),
    ],
)
async def test_the_first_address_counts(text: str, address: Address) -> None:
    assert await resolve(text) == address


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "0",
        "1234",
        "a..b",
        "x" * 300,
        "no-such.invalid",
        "a\0b",
        "127.0.0.1%lo",
        "a b",
        "[::1]",
    ],
)
async def test_what_is_no_host_is_told_so(host: str) -> None:
    with pytest.raises(BadAddress) as error:
        await addresses(host, 80)
    assert str(error.value) == f"lookup {host}: no such host"
