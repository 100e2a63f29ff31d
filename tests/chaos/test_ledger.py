from __future__ import annotations

import msgspec
import pytest

from loadtui.chaos.ledger import UNSEEN, Ledger, undo_order
from loadtui.model.ledger import Change, Entry, State
from loadtui.model.toxic import Proxy, Toxic

S = "http://127.0.0.1:8474"
SLOW = Toxic("slow", "latency", "downstream", 1.0, {"latency": 2000, "jitter": 100})
SLOWER = msgspec.structs.replace(SLOW, attributes={"latency": 3000, "jitter": 100})
TIGHT = Toxic("tight", "bandwidth", "upstream", 1.0, {"rate": 50})
PAYMENTS = Proxy("payments", "127.0.0.1:2001", "127.0.0.1:1", toxics=(TIGHT, SLOW))


def toxic(before: Toxic | None, after: Toxic | None, proxy: str = "payments") -> Change:
    name = (before or after or SLOW).name
    return Change(proxy, "toxic", name, before, after)


def proxy(before: Proxy | None, after: Proxy | None) -> Change:
    return Change((before or after or PAYMENTS).name, "proxy", "", before, after)


def ledger_of(*changes: Change) -> Ledger:
    ledger = Ledger()
    for change in changes:
        ledger, entry = ledger.intend(change, S, 100.0)
        ledger = ledger.confirm(entry.id, change.after)
    return ledger


def test_an_intent_is_open_and_unconfirmed_until_it_is_read_back() -> None:
    ledger, entry = Ledger().intend(toxic(None, SLOW), S, 100.0)
    assert ledger.entries == (entry,)
    assert not entry.confirmed
    (confirmed,) = ledger.confirm(entry.id, SLOW).entries
    assert confirmed.confirmed
    assert confirmed.seen == SLOW


def test_a_second_change_of_a_part_joins_the_first_and_keeps_what_was_seen() -> None:
    ledger, joined = ledger_of(toxic(None, SLOW)).intend(toxic(None, SLOWER), S, 200.0)
    assert ledger.entries == (joined,)
    assert (joined.id, joined.change.after, joined.deadline) == (1, SLOWER, 200.0)
    assert (joined.confirmed, joined.seen, joined.asked) == (False, SLOW, ())


def test_what_was_asked_for_and_never_seen_is_remembered() -> None:
    ledger, _ = Ledger().intend(toxic(None, SLOW), S, 1.0)
    ledger, joined = ledger.intend(toxic(None, SLOWER), S, 1.0)
    assert joined.asked == (SLOW,)
    (confirmed,) = ledger.confirm(joined.id, SLOWER).entries
    assert confirmed.asked == (SLOW,), "a late call may still bring it"


def test_only_so_many_unseen_states_are_remembered_and_the_newest_of_them() -> None:
    ledger = Ledger()
    for rate in range(30):
        tight = msgspec.structs.replace(TIGHT, attributes={"rate": rate})
        ledger, _ = ledger.intend(toxic(None, tight), S, None)
    asked = ledger.entries[0].asked
    assert len(asked) == UNSEEN
    assert isinstance(asked[-1], Toxic)
    assert asked[-1].attributes == {"rate": 28}


@pytest.mark.parametrize(
    "other",
    [
        toxic(None, TIGHT),
        toxic(None, SLOW, "inventory"),
        Change("payments", "enabled", "", before=True, after=False),
    ],
)
def test_changes_of_different_parts_are_entries_of_their_own(other: Change) -> None:
    ledger = ledger_of(toxic(None, SLOW), other)
    assert [entry.id for entry in ledger.entries] == [1, 2]
    assert ledger.intend(other, "http://127.0.0.1:9999", None)[1].id == 3


def test_a_refused_change_leaves_no_trace() -> None:
    empty, entry = Ledger().intend(toxic(None, SLOW), S, 1.0)
    assert empty.take_back(entry.id, None).entries == ()
    ledger = ledger_of(toxic(None, SLOW))
    joined, entry = ledger.intend(toxic(None, SLOWER), S, 1.0)
    assert joined.take_back(entry.id, ledger.get(entry.id)) == ledger


def test_ids_are_never_used_again() -> None:
    ledger, entry = ledger_of(toxic(None, SLOW)).forget(1).intend(toxic(None, SLOW), S, 1.0)
    assert entry.id == 2
    assert ledger.put(Entry(9, S, toxic(None, TIGHT), None)).last == 9


def test_entries_expire_at_their_deadline_and_those_without_never() -> None:
    ledger = ledger_of(toxic(None, SLOW))
    ledger, _ = ledger.intend(proxy(None, PAYMENTS), S, None)
    assert ledger.expired(99.9) == ()
    assert [entry.id for entry in ledger.expired(100.0)] == [1]
    assert [entry.id for entry in ledger.expired(1e12)] == [1]


def test_a_deleted_proxy_comes_back_as_it_was_not_as_another() -> None:
    ledger = ledger_of(proxy(PAYMENTS, None))
    said = ledger.objection(proxy(None, PAYMENTS), S)
    assert said == "payments was deleted by this session; lifting that brings it back"
    assert ledger.objection(proxy(None, PAYMENTS), "http://other:1") == ""
    assert ledger_of(proxy(None, PAYMENTS)).objection(proxy(None, PAYMENTS), S) == ""
    assert ledger.objection(toxic(None, SLOW), S) == ""


@pytest.mark.parametrize(
    ("earlier", "toxics"),
    [
        (toxic(None, SLOW), (TIGHT,)),
        (toxic(SLOWER, SLOW), (TIGHT, SLOWER)),
        (toxic(msgspec.structs.replace(TIGHT, name="gone"), None), (TIGHT, SLOW, "gone")),
    ],
)
def test_a_proxy_deleted_under_our_fault_comes_back_without_that_fault(
    earlier: Change, toxics: tuple[Toxic | str, ...]
) -> None:
    ledger = ledger_of(earlier, proxy(PAYMENTS, None)).forget(1)
    before: State = ledger.entries[0].change.before
    assert isinstance(before, Proxy)
    found = [each if each in toxics else each.name for each in before.toxics]
    assert found == list(toxics)


def test_a_proxy_deleted_while_down_by_our_hand_comes_back_up() -> None:
    down = Change("payments", "enabled", "", before=True, after=False)
    gone = proxy(msgspec.structs.replace(PAYMENTS, enabled=False), None)
    ledger = ledger_of(down, gone).forget(1)
    assert ledger.entries[0].change.before == PAYMENTS


def test_with_a_proxy_of_ours_goes_everything_that_we_changed_on_it() -> None:
    ledger = ledger_of(
        toxic(None, SLOW, "inventory"), proxy(None, PAYMENTS), toxic(None, SLOW), toxic(None, TIGHT)
    )
    assert [e.id for e in ledger.with_what_is_on(frozenset({2}))] == [2, 3, 4]
    assert [e.id for e in ledger.with_what_is_on(frozenset({1, 4}))] == [1, 4]


def test_undoing_goes_backwards_from_proxies_we_deleted_to_proxies_we_created() -> None:
    inventory = msgspec.structs.replace(PAYMENTS, name="inventory")
    ledger = ledger_of(
        toxic(None, SLOW), proxy(None, PAYMENTS), proxy(inventory, None), toxic(None, TIGHT)
    )
    assert [e.id for e in undo_order(ledger.entries)] == [3, 4, 1, 2]
