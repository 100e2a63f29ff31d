from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from loadtui.chaos.toxiproxy import Toxiproxy
from loadtui.chaos.undo import CALL_TIMEOUT, client_for, lift
from loadtui.errors import ServerStuck
from loadtui.model.ledger import Lift
from loadtui.model.toxic import Proxy, Toxic
from tests.support.hand import Hand, down, toxic, whole
from tests.support.model_server import unordered
from tests.support.toxiproxy_server import RealServer, free_port

SLOW = Toxic("slow", "latency", "downstream", 1.0, {"latency": 2000, "jitter": 100})
TIGHT = Toxic("tight", "bandwidth", "upstream", 0.5, {"rate": 50})
TIGHTER = msgspec.structs.replace(TIGHT, attributes={"rate": 1})


def proxy(name: str, *toxics: Toxic) -> Proxy:
    return Proxy(name, f"127.0.0.1:{free_port()}", "127.0.0.1:1", toxics=toxics)


@pytest.fixture
def client(server: RealServer) -> Toxiproxy:
    """The adapter of a real server on which somebody else set up two proxies."""
    client = Toxiproxy(server.url)
    client.create(proxy("payments", TIGHT))
    client.create(proxy("inventory"))
    return client


@pytest.fixture
def hand(client: Toxiproxy) -> Hand:
    return Hand(client)


def lifted(hand: Hand, seconds: float = 5.0) -> list[Lift]:
    return lift(hand.ledger.entries, time.monotonic() + seconds)


def test_every_kind_of_change_is_undone_and_said(hand: Hand, client: Toxiproxy) -> None:
    found = client.proxies()
    hand.make(toxic("payments", "slow", SLOW))
    hand.make(toxic("payments", "tight", TIGHTER))
    hand.make(down("payments"))
    hand.make(whole("own", proxy("own", TIGHT)))
    hand.make(toxic("own", "slow", SLOW))
    hand.make(toxic("own", "tight", TIGHTER))
    hand.make(whole("inventory", None))
    lifts = lifted(hand)
    assert [(each.result, each.text) for each in lifts] == [
        ("done", "inventory created anew"),
        ("done", "tight of own restored"),
        ("done", "slow removed from own"),
        ("done", "payments enabled"),
        ("done", "tight of payments restored"),
        ("done", "slow removed from payments"),
        ("done", "own deleted"),
    ]
    assert unordered(client.proxies()) == unordered(found)


def test_undoing_twice_or_what_is_gone_is_done(hand: Hand, client: Toxiproxy) -> None:
    hand.make(toxic("payments", "slow", SLOW))
    hand.make(toxic("inventory", "slow", SLOW))
    lifted(hand)
    client.delete("inventory")
    assert [(each.result, each.text) for each in lifted(hand)] == [
        ("done", "inventory is gone, and with it this"),
        ("done", "was undone already"),
    ]


def test_two_may_undo_at_once(hand: Hand, client: Toxiproxy) -> None:
    found = client.proxies()
    hand.make(toxic("payments", "slow", SLOW))
    hand.make(toxic("payments", "tight", None))
    hand.make(whole("inventory", None))
    hand.make(whole("own", proxy("own")))
    with ThreadPoolExecutor(4) as threads:
        many = list(threads.map(lambda _: lifted(hand), range(4)))
    assert {each.result for lifts in many for each in lifts} == {"done"}
    assert unordered(client.proxies()) == unordered(found)


def test_what_somebody_else_changed_since_stays(hand: Hand, client: Toxiproxy) -> None:
    hand.make(toxic("payments", "slow", SLOW))
    theirs = msgspec.structs.replace(SLOW, attributes={"latency": 7, "jitter": 100})
    client.update_toxic("payments", theirs)
    (left,) = lifted(hand)
    assert (left.result, left.by_hand) == ("left", ())
    assert left.text == "somebody else set latency of slow on payments"
    assert client.proxy("payments").toxic("slow") == theirs


def test_a_lost_server_is_tried_until_the_deadline_and_named_with_what_to_do(
    hand: Hand, server: RealServer
) -> None:
    hand.make(toxic("payments", "slow", SLOW))
    server.process.kill()
    server.process.wait()
    began = time.monotonic()
    (failed,) = lifted(hand, 0.5)
    assert 0.3 < time.monotonic() - began < 1.5
    assert failed.result == "failed"
    assert failed.text == f"nothing listens at 127.0.0.1:{server.port}"
    assert failed.by_hand[0] == (f"toxiproxy-cli --host {server.url} toxic remove -n slow payments")
    assert failed.by_hand[1].startswith("curl ")


def test_a_server_that_answers_again_in_time_is_served(hand: Hand, server: RealServer) -> None:
    hand.make(toxic("payments", "slow", SLOW))
    hand.make(down("inventory"))
    server.pause()
    alarm = threading.Timer(0.5, server.resume)
    alarm.start()
    lifts = lifted(hand)
    alarm.join()
    assert [each.result for each in lifts] == ["done", "done"]


def test_a_stuck_server_keeps_nobody_much_longer_than_the_deadline(
    hand: Hand, server: RealServer
) -> None:
    hand.make(toxic("payments", "slow", SLOW))
    hand.make(down("inventory"))
    server.pause()
    began = time.monotonic()
    lifts = lifted(hand, 0.5)
    server.resume()
    assert time.monotonic() - began < 0.5 + CALL_TIMEOUT
    assert {each.result for each in lifts} == {"failed"}


class Wedged(Toxiproxy):
    """A server on which one proxy is stuck, as in a deadlock over one of its toxics."""

    def remove_toxic(self, proxy: str, name: str) -> Proxy:
        if proxy == "own":
            raise ServerStuck(0, "own is stuck")
        return super().remove_toxic(proxy, name)


def test_one_stuck_proxy_holds_up_only_itself(hand: Hand, client: Toxiproxy) -> None:
    hand.make(toxic("payments", "slow", SLOW))
    hand.make(whole("own", proxy("own")))
    hand.make(toxic("own", "slow", SLOW))
    lifts = lift(
        hand.ledger.entries,
        time.monotonic() + 0.5,
        lambda url, timeout: Wedged(url, timeout=timeout),
    )
    assert [(each.entry.id, each.result, each.text) for each in lifts] == [
        (3, "failed", "own is stuck"),
        (1, "done", "slow removed from payments"),
        # Not "left to somebody else", although a toxic is on it.
        (2, "failed", "own is stuck"),
    ]
    assert client.proxy("own").toxic("slow") == SLOW


def test_an_intent_whose_call_lands_late_is_undone_by_looking_again(
    hand: Hand, client: Toxiproxy
) -> None:
    entry = hand.make(toxic("payments", "slow", SLOW), confirmed=False)
    client.remove_toxic("payments", "slow")
    assert lifted(hand)[0].text == "was undone already"
    client_for(client.url, 1.0).add_toxic("payments", SLOW)
    assert lift([entry], time.monotonic() + 1)[0].text == "slow removed from payments"
