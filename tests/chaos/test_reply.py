from __future__ import annotations

from typing import Any

import pytest

from loadtui.chaos import reply
from loadtui.errors import ControlError
from loadtui.model.toxic import Proxy, Toxic

SLOW = Toxic("slow", "latency", "downstream", 0.33, {"latency": 2000, "jitter": 100})
PAYMENTS = Proxy("payments", "127.0.0.1:21001", "127.0.0.1:22001", toxics=(SLOW,))


def payload(**changed: object) -> dict[str, Any]:
    """Return PAYMENTS as the server writes it."""
    toxic = {
        "attributes": {"latency": 2000, "jitter": 100},
        "name": "slow",
        "type": "latency",
        "stream": "downstream",
        "toxicity": 0.33,
    }
    whole = {
        "name": "payments",
        "listen": "127.0.0.1:21001",
        "upstream": "127.0.0.1:22001",
        "enabled": True,
        "Logger": {},
        "toxics": [toxic],
    }
    return whole | changed


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('{"version": "2.12.0"}\n', "2.12.0"),
        ('{"version": "2.6.0"}\\n', "2.6.0"),  # a backslash and an n, as 2.6.0 sends them
        ("2.1.4", "2.1.4"),
        ('{"version": "git"}', "git"),
    ],
)
def test_every_form_of_the_version_is_read(text: str, version: str) -> None:
    assert reply.version(text) == version


@pytest.mark.parametrize("text", ["<html><body>It works!</body></html>", "", "not a version"])
def test_what_is_no_version_is_no_toxiproxy(text: str) -> None:
    with pytest.raises(ControlError, match="does not look like Toxiproxy"):
        reply.version(text)


def test_a_proxy_is_read_and_what_we_do_not_know_is_ignored() -> None:
    assert reply.proxy(payload()) == PAYMENTS
    assert reply.proxies({"payments": payload()}) == {"payments": PAYMENTS}


@pytest.mark.parametrize("toxics", [None, []])
def test_no_toxics_may_be_written_in_two_ways(toxics: object) -> None:
    assert reply.proxy(payload(toxics=toxics)).toxics == ()


def test_an_unknown_toxic_keeps_its_attributes_as_they_come() -> None:
    loss = {"name": "x", "type": "packet_loss", "attributes": {"rate": 0.1, "on": True, "of": [1]}}
    toxic = reply.proxy(payload(toxics=[loss])).toxics[0]
    assert toxic == Toxic("x", "packet_loss", attributes={"rate": 0.1, "on": True, "of": "[1]"})


@pytest.mark.parametrize(
    "wrong", [[], "<html>", None, {"payments": 1}, {"payments": {"name": "x"}}]
)
def test_anything_else_is_no_toxiproxy(wrong: object) -> None:
    with pytest.raises(ControlError, match="does not look like Toxiproxy"):
        reply.proxies(wrong)


def test_a_proxy_without_its_fields_is_no_toxiproxy() -> None:
    with pytest.raises(ControlError, match="does not look like Toxiproxy"):
        reply.proxy({"name": "payments"})


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (SLOW, ""),
        (Toxic("slow", "latency", "downstream", 0.3300000131, SLOW.attributes), ""),
        (Toxic("slow", "latency", "downstream", 0.33, {**SLOW.attributes, "new": 0}), ""),
        (
            Toxic("slow", "latency", "downstream", 1.0, SLOW.attributes),
            "slow: asked for toxicity 0.33, the server says 1.0",
        ),
        (
            Toxic("slow", "latency", "upstream", 0.33, SLOW.attributes),
            "slow: asked for stream downstream, the server says upstream",
        ),
        (
            Toxic("slow", "latency", "downstream", 0.33, {"latency": 2000}),
            "slow: asked for jitter 100, the server says None",
        ),
    ],
)
def test_a_toxic_that_reads_otherwise_is_told(found: Toxic, said: str) -> None:
    assert reply.toxic_difference(SLOW, Proxy("p", "", "", toxics=(found,))) == said
    assert reply.same_toxic(SLOW, found) is (said == "")


def test_a_toxic_that_is_not_there_or_still_there_is_told() -> None:
    empty = Proxy("payments", "", "")
    assert reply.toxic_difference(SLOW, empty) == "toxic slow is not there"
    assert reply.absence_difference("slow", empty) == ""
    assert reply.absence_difference("slow", PAYMENTS) == "toxic slow is still there"


@pytest.mark.parametrize(
    ("wanted", "found", "said"),
    [
        (PAYMENTS, PAYMENTS, ""),
        (Proxy("p", "localhost:21", "u:1"), Proxy("p", "127.0.0.1:21", "u:1"), ""),
        (Proxy("p", "localhost:0", "u:1"), Proxy("p", "127.0.0.1:4711", "u:1"), ""),
        (Proxy("p", "", "u:1"), Proxy("p", "[::]:4711", "u:1"), ""),
        (
            Proxy("p", "localhost:21", "u:1"),
            Proxy("p", "127.0.0.1:22", "u:1"),
            "p: asked for listen localhost:21, the server says 127.0.0.1:22",
        ),
        (
            Proxy("p", "", "u:1", enabled=False),
            Proxy("p", "", "u:1"),
            "p: asked for enabled False, the server says True",
        ),
        (PAYMENTS, Proxy("p", "a:21001", "127.0.0.1:22001"), "toxic slow is not there"),
    ],
)
def test_a_proxy_that_reads_otherwise_is_told(wanted: Proxy, found: Proxy, said: str) -> None:
    assert reply.proxy_difference(wanted, found) == said
