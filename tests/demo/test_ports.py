from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.demo.ports import USUAL, Ports, choose_ports
from loadtui.errors import BadInput, SetupFailed


def taken(*ports: int) -> Callable[[int], bool]:
    return lambda port: port not in ports


def test_the_usual_ports_come_first() -> None:
    assert choose_ports(lambda _: True) == USUAL


def test_a_second_demo_gets_the_next_ports_with_the_same_last_digits() -> None:
    first = [getattr(USUAL, name) for name in Ports.__struct_fields__]
    assert choose_ports(taken(*first)) == Ports(3001, 21011, 21012, 21013, 22011, 22012, 22013)


def test_only_what_is_taken_moves() -> None:
    ports = choose_ports(taken(3000, 3001, 22002))
    assert ports == Ports(orders=3002, database=22012)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_does_not_exist_is_refused(port: int) -> None:
    with pytest.raises(BadInput, match=f"port {port} does not exist; choose one"):
        choose_ports(lambda _: True, orders=port)


def test_a_port_that_was_asked_for_and_is_taken_is_refused() -> None:
    with pytest.raises(BadInput, match="port 8080 is taken; choose another, or leave it out"):
        choose_ports(taken(8080), orders=8080)


def test_a_machine_without_a_free_port_is_told_which_were_tried() -> None:
    with pytest.raises(SetupFailed, match="no free port among 3000, 3001, … 3099"):
        choose_ports(lambda _: False)


@given(
    st.sets(st.sampled_from([*range(3000, 3020), *range(21001, 21030), *range(22001, 22030)])),
    st.none() | st.sampled_from([3000, 21001, 22012, 8080]),
)
def test_no_two_parts_share_a_port(occupied: set[int], orders: int | None) -> None:
    occupied -= {orders or 0}
    ports = choose_ports(taken(*occupied), orders=orders)
    chosen = [getattr(ports, name) for name in Ports.__struct_fields__]
    assert len(set(chosen)) == len(chosen)
    assert not occupied & set(chosen)
    assert orders in {None, ports.orders}
