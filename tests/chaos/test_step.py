from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.chaos.ledger import Ledger, undo_order
from loadtui.chaos.step import (
    AddToxic,
    Call,
    CreateProxy,
    RemoveToxic,
    Step,
    UpdateToxic,
    backward,
    forward,
    part_of,
    rebased,
)
from loadtui.model.ledger import Change, Entry, State
from loadtui.model.toxic import Attribute, Proxy, Toxic
from tests.support.model_server import (
    Proxies,
    made,
    unordered,
    with_toxic,
    without_toxic,
)

S = "http://127.0.0.1:8474"


def latency(latency: int, jitter: int = 0, *, toxicity: float = 1.0, name: str = "slow") -> Toxic:
    return Toxic(name, "latency", "downstream", toxicity, {"latency": latency, "jitter": jitter})


TIGHT = Toxic("slow", "bandwidth", "downstream", 1.0, {"rate": 50})
BARE = Proxy("payments", "127.0.0.1:2001", "127.0.0.1:1")


def payments(*toxics: Toxic, enabled: bool = True) -> Proxy:
    return msgspec.structs.replace(BARE, toxics=toxics, enabled=enabled)


def change(before: State, after: State) -> Change:
    if isinstance(before, bool):
        return Change("payments", "enabled", "", before, after)
    if isinstance(before, Proxy) or isinstance(after, Proxy):
        return Change("payments", "proxy", "", before, after)
    return Change("payments", "toxic", "slow", before, after)


def entry(
    before: State, after: State, *, confirmed: bool = True, asked: tuple[State, ...] = ()
) -> Entry:
    return Entry(
        1,
        S,
        change(before, after),
        None,
        confirmed=confirmed,
        seen=after if confirmed else msgspec.UNSET,
        asked=asked,
    )


# -- forward ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "after", "kinds"),
    [
        (payments(), latency(9), ["AddToxic"]),
        (payments(latency(9)), None, ["RemoveToxic"]),
        (payments(latency(1)), latency(9), ["UpdateToxic"]),
        (payments(TIGHT), latency(9), ["RemoveToxic", "AddToxic"]),
        (payments(latency(9)), latency(9), []),
        (payments(), None, []),
    ],
)
def test_a_toxic_is_added_updated_replaced_or_removed(
    found: Proxy, after: State, kinds: list[str]
) -> None:
    calls = forward(change(None, after), found)
    assert [type(call).__name__ for call in calls] == kinds


def test_a_proxy_is_switched_created_and_deleted_and_never_taken_over() -> None:
    assert forward(change(True, False), payments(enabled=False)) == ()
    assert len(forward(change(True, False), payments())) == 1
    assert forward(change(None, payments()), None) == (CreateProxy(payments()),)
    assert forward(change(None, payments()), payments(latency(1))) == ()
    assert len(forward(change(payments(), None), payments())) == 1
    assert forward(change(payments(), None), None) == ()


# -- backward --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "found", "calls"),
    [
        (entry(None, latency(9)), payments(latency(9)), [RemoveToxic("payments", "slow")]),
        (entry(latency(1), None), payments(), [AddToxic("payments", latency(1))]),
        (entry(None, latency(9)), payments(), []),
        (entry(None, latency(9), confirmed=False), payments(), []),
        (
            entry(TIGHT, latency(9)),
            payments(latency(9)),
            [RemoveToxic("payments", "slow"), AddToxic("payments", TIGHT)],
        ),
        # The replacement was cut between its two calls.
        (entry(TIGHT, latency(9), confirmed=False), payments(), [AddToxic("payments", TIGHT)]),
        (entry(payments(TIGHT), None), None, [CreateProxy(payments(TIGHT))]),
        # Creating it anew was cut before its toxic was there.
        (entry(payments(TIGHT), None), payments(), [AddToxic("payments", TIGHT)]),
        (entry(None, latency(9)), payments(TIGHT), []),
    ],
)
def test_what_is_ours_is_undone(what: Entry, found: Proxy | None, calls: list[Call]) -> None:
    assert list(backward(what, found).calls) == calls


def test_only_the_values_we_changed_are_sent_back() -> None:
    ours, found = entry(latency(1, 5, toxicity=0.5), latency(9, 5)), payments(latency(9, 5))
    sent = Toxic("slow", "latency", "downstream", 0.5, {"latency": 1})
    assert backward(ours, found).calls == (UpdateToxic("payments", sent),)


def test_an_update_of_which_half_was_applied_is_undone() -> None:
    ours = entry(latency(1, 1), latency(9, 9, toxicity=0.5), confirmed=False)
    step = backward(ours, payments(latency(1, 9)))
    assert made({"payments": payments(latency(1, 9))}, step.calls[0]) == {
        "payments": payments(latency(1, 1))
    }


def test_a_late_call_that_was_given_up_is_undone_though_a_newer_one_was_read_back() -> None:
    ours = entry(None, latency(9), asked=(latency(7),))
    assert backward(ours, payments(latency(7))).calls == (RemoveToxic("payments", "slow"),)


@pytest.mark.parametrize(
    ("what", "found", "said"),
    [
        (
            entry(None, latency(9)),
            payments(latency(3)),
            "somebody else set latency of slow on payments",
        ),
        (
            entry(latency(1), latency(9)),
            payments(latency(3)),
            "somebody else set latency of slow on payments",
        ),
        (
            entry(latency(1), latency(9)),
            payments(latency(1, toxicity=0.1)),
            "somebody else set toxicity of slow on payments",
        ),
        (
            entry(None, latency(9)),
            payments(TIGHT),
            "somebody else put another slow on payments",
        ),
        (
            entry(latency(1), latency(9)),
            payments(),
            "somebody else removed slow from payments",
        ),
        (entry(None, BARE), payments(TIGHT), "slow on payments was not lifted or is "
            "somebody else's, so the proxy stays"),
        (
            entry(None, BARE),
            msgspec.structs.replace(BARE, upstream="127.0.0.1:9"),
            "somebody else put another payments there",
        ),
        (
            entry(BARE, None),
            msgspec.structs.replace(BARE, listen="127.0.0.1:9"),
            "somebody else put another payments there",
        ),
    ],
)  # fmt: skip
def test_what_somebody_else_changed_since_is_left_and_named(
    what: Entry, found: Proxy, said: str
) -> None:
    assert backward(what, found) == Step(left=said)


def test_beside_a_foreign_value_ours_is_still_undone() -> None:
    ours, found = entry(latency(1), latency(9)), payments(latency(9, 77))
    step = backward(ours, found)
    after = made({"payments": found}, step.calls[0])
    assert after == {"payments": payments(latency(1, 77))}
    left = backward(ours, after["payments"])
    assert left == Step(left="somebody else set jitter of slow on payments")


@pytest.mark.parametrize("what", [entry(None, latency(9)), entry(True, False)])
def test_with_its_proxy_gone_a_change_is_gone(what: Entry) -> None:
    assert backward(what, None) == Step(gone=True)


def test_a_change_goes_back_to_what_would_be_there_without_us() -> None:
    fresh = rebased(change(latency(3), latency(9)), None, payments(latency(4)))
    assert fresh.before == latency(4), "what was read, not what the caller believed"
    known = entry(latency(1), latency(9))
    again = rebased(change(None, latency(8)), known, payments(latency(9, 77)))
    assert again.before == latency(1, 77)


def test_once_read_back_even_a_value_that_we_never_named_is_known() -> None:
    asked = Toxic("slow", "latency", "downstream", 1.0, {"latency": 9})
    ours = msgspec.structs.replace(entry(None, asked), seen=latency(9))
    step = backward(ours, payments(latency(9, 5)))
    assert step.left == "somebody else set jitter of slow on payments"
    unread = entry(None, asked, confirmed=False)
    assert backward(unread, payments(latency(9, 5))).calls, "before that it may be the server's"


# -- properties ------------------------------------------------------------------------------

NAMES = ("payments", "inventory")
ADDRESSES = dict(zip(NAMES, ("127.0.0.1:2001", "127.0.0.1:2002"), strict=True))
names = st.sampled_from(NAMES)
toxic_names = st.sampled_from(("slow", "tight"))
# Three ranges that never meet: what a server starts with, what we set, what somebody else sets.
original, wanted, foreign = (st.integers(low, low + 5) for low in (10, 20, 30))
shares = st.sampled_from((0.25, 0.5, 1.0))


def toxics(value: st.SearchStrategy[int]) -> st.SearchStrategy[Toxic]:
    def build(name: str, first: int, second: int, share: float, *, is_latency: bool) -> Toxic:
        if is_latency:
            return latency(first, second, toxicity=share, name=name)
        return Toxic(name, "bandwidth", "downstream", share, {"rate": first})

    return st.builds(build, toxic_names, value, value, shares, is_latency=st.booleans())


@st.composite
def servers(draw: st.DrawFn) -> Proxies:
    server: Proxies = {}
    for name in draw(st.sets(names)):
        proxy = Proxy(name, ADDRESSES[name], "127.0.0.1:1", draw(st.booleans()))
        server[name] = proxy
        for toxic in draw(st.lists(toxics(original), max_size=2, unique_by=lambda t: t.name)):
            server = with_toxic(server, name, toxic)
    return server


@dataclass
class World:
    """A server that we and somebody else change, and the same server changed by them alone."""

    server: Proxies
    without_us: Proxies
    ledger: Ledger = field(default_factory=Ledger)
    late: list[Call] = field(default_factory=list)

    def apply(self, wish: Change, fate: str) -> None:
        """Change something as an operator does; `fate` is what becomes of the calls."""
        current = self.server.get(wish.proxy)
        if (current is None) is not (wish.part == "proxy" and wish.after is not None):
            return
        if self.ledger.objection(wish, S):
            return
        intent = rebased(wish, self.ledger.of(wish, S), current)
        calls = forward(intent, current)
        if not calls:
            return
        self.ledger, mine = self.ledger.intend(intent, S, None)
        if fate == "lost":
            return
        for call in calls[:1] if fate == "half" else calls:
            half = fate == "half" and isinstance(call, UpdateToxic)
            self.server = made(self.server, _half(call) if half else call)
        if fate == "confirmed":
            seen = part_of(intent, self.server.get(wish.proxy))
            self.ledger = self.ledger.confirm(mine.id, seen)

    def lift(self, mine: Entry) -> str:
        step = backward(mine, self.server.get(mine.change.proxy))
        for _ in range(3):
            for call in step.calls:
                self.server = made(self.server, call)
            step = backward(mine, self.server.get(mine.change.proxy))
        assert not step.calls, "undoing must come to an end"
        self.ledger = self.ledger.forget(mine.id)
        return step.left

    def lift_one(self, at: int) -> None:
        if not self.ledger.entries:
            return
        chosen = self.ledger.entries[at % len(self.ledger.entries)]
        for mine in undo_order(self.ledger.with_what_is_on(frozenset({chosen.id}))):
            self.lift(mine)

    def lift_all(self) -> list[str]:
        return [self.lift(mine) for mine in undo_order(self.ledger.entries)]

    # -- somebody else ---------------------------------------------------------------------

    def set_value(self, name: str, toxic: str, attribute: str, value: Attribute) -> None:
        """Somebody changes a value of a toxic that was there before us."""
        theirs, found = _toxic(self.without_us, name, toxic), _toxic(self.server, name, toxic)
        if theirs is None or found is None or theirs.type != found.type:
            return
        if attribute in found.attributes:
            self.server = with_toxic(self.server, name, _with(found, attribute, value))
            self.without_us = with_toxic(self.without_us, name, _with(theirs, attribute, value))

    def remove(self, name: str, toxic: str) -> None:
        """Somebody removes a toxic that was there before us, none of our calls being under way."""
        theirs, found = _toxic(self.without_us, name, toxic), _toxic(self.server, name, toxic)
        mine = self.ledger.of(Change(name, "toxic", toxic, None, None), S)
        is_quiet = mine is None or (mine.confirmed and not mine.asked)
        deleted = self.ledger.of(Change(name, "proxy", "", None, None), S)
        if theirs and found and theirs.type == found.type and is_quiet and deleted is None:
            self.server = without_toxic(self.server, name, toxic)
            self.without_us = without_toxic(self.without_us, name, toxic)

    def add(self, name: str, value: int) -> None:
        """Somebody adds a toxic under a name of their own."""
        toxic = latency(value, name="theirs")
        if name in self.server and name in self.without_us:
            self.server = with_toxic(self.server, name, toxic)
            self.without_us = with_toxic(self.without_us, name, toxic)


def _half(call: Call) -> Call:
    assert isinstance(call, UpdateToxic)
    half = dict(list(call.toxic.attributes.items())[:1])
    return UpdateToxic(call.proxy, msgspec.structs.replace(call.toxic, attributes=half))


def _toxic(server: Proxies, proxy: str, name: str) -> Toxic | None:
    return server[proxy].toxic(name) if proxy in server else None


def _with(toxic: Toxic, attribute: str, value: Attribute) -> Toxic:
    return msgspec.structs.replace(toxic, attributes={**toxic.attributes, attribute: value})


Act = Callable[[World], object]
fates = st.sampled_from(("confirmed", "confirmed", "landed", "lost", "half"))


def acting(what: Change, fate: str) -> Act:
    return lambda world: world.apply(what, fate)


toxic_changes = st.one_of(
    st.builds(lambda n, t: Change(n, "toxic", t.name, None, t), names, toxics(wanted)),
    st.builds(lambda n, t: Change(n, "toxic", t, None, None), names, toxic_names),
)
proxy_changes = st.one_of(
    st.builds(lambda n, on: Change(n, "enabled", "", not on, on), names, st.booleans()),
    st.builds(lambda n: Change(n, "proxy", "", None, None), names),
    st.builds(lambda n: Change(n, "proxy", "", None, Proxy(n, ADDRESSES[n], "127.0.0.1:1")), names),
)
ours: st.SearchStrategy[Act] = st.one_of(
    st.builds(acting, toxic_changes, fates),
    st.builds(acting, proxy_changes, fates),
    st.builds(lambda at: lambda world: world.lift_one(at), st.integers(0, 5)),
)
theirs: st.SearchStrategy[Act] = st.one_of(
    st.builds(
        lambda n, t, a, v: lambda world: world.set_value(n, t, a, v),
        names,
        toxic_names,
        st.sampled_from(("latency", "jitter", "rate")),
        foreign,
    ),
    st.builds(lambda n, t: lambda world: world.remove(n, t), names, toxic_names),
    st.builds(lambda n, v: lambda world: world.add(n, v), names, foreign),
)


@settings(max_examples=200)
@given(servers(), st.lists(ours, max_size=8))
def test_undoing_everything_leads_back_to_the_server_as_we_found_it(
    server: Proxies, acts: list[Act]
) -> None:
    world = World(server, server)
    for act in acts:
        act(world)
    assert not any(world.lift_all())
    assert unordered(world.server) == unordered(server)


@settings(max_examples=200)
@given(servers(), st.lists(st.one_of(ours, theirs), max_size=10))
def test_nothing_that_somebody_else_did_in_between_is_lost(
    server: Proxies, acts: list[Act]
) -> None:
    world = World(server, server)
    for act in acts:
        act(world)
    world.lift_all()
    assert unordered(world.server) == unordered(world.without_us)


@given(servers(), names, toxics(wanted), foreign)
def test_a_fault_of_ours_that_somebody_else_took_over_stays_with_their_value(
    server: Proxies, name: str, toxic: Toxic, value: int
) -> None:
    if name not in server or server[name].toxic(toxic.name):
        return
    world = World(server, server)
    world.apply(Change(name, "toxic", toxic.name, None, toxic), "confirmed")
    taken = _with(toxic, next(iter(toxic.attributes)), value)
    world.server = with_toxic(world.server, name, taken)
    (left,) = world.lift_all()
    assert toxic.name in left
    assert _toxic(world.server, name, toxic.name) == taken
