from __future__ import annotations

import pytest

from loadtui.errors import BadInput
from loadtui.model.command import Adjust, Inject
from loadtui.model.snapshot import ProxyStatus, Slot
from loadtui.model.toxic import SPECS, Toxic
from loadtui.tui.draft import DOWN, TYPES, Draft, command, edited, sentences
from tests.tui.states import snapshot

IDLE, FAULT = snapshot("idle").chaos, snapshot("fault").chaos
LATENCY = Draft(proxy="payments", type="latency", attributes={"latency": "2000", "jitter": "100"})


def filled(kind: str) -> Draft:
    defaults = {name: str(value) for name, value in SPECS[kind].defaults.items()}
    return Draft(proxy="payments", type=kind, attributes=defaults)


def test_a_new_fault_is_injected_under_its_types_name() -> None:
    toxic = Toxic("latency", "latency", "downstream", 1.0, {"latency": 2000, "jitter": 100})
    assert command(LATENCY, IDLE) == Inject("payments", toxic, None)


def test_a_second_one_of_a_type_gets_a_name_of_its_own() -> None:
    made = command(LATENCY, FAULT)
    assert isinstance(made, Inject)
    assert made.toxic.name == "latency_2"


def test_down_needs_no_numbers() -> None:
    made = command(Draft(proxy="payments", type=DOWN, ttl="1:30"), IDLE)
    assert made == Inject("payments", Toxic(DOWN, DOWN), 90.0)


def test_an_edited_fault_is_adjusted_where_it_is() -> None:
    proxy = FAULT.proxies[0]
    draft = edited(proxy, proxy.slots[0])
    assert draft.attributes == {"latency": "2000", "jitter": "100"}
    made = command(draft, FAULT)
    assert made == Adjust("payments", "latency", 1.0, {"latency": 2000, "jitter": 100}, None)


def test_what_an_unknown_type_has_beside_numbers_stays() -> None:
    toxic = Toxic("odd", "odd", "upstream", 0.5, {"mode": "fast", "level": 3})
    draft = edited(ProxyStatus("p", "a:1", "b:2"), Slot("odd", toxic, on=True))
    assert draft.attributes == {"level": "3"}
    made = command(draft, FAULT)
    assert isinstance(made, Adjust)
    assert made.attributes == {"mode": "fast", "level": 3}


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind != DOWN])
def test_every_type_has_a_sentence_and_a_shell_line(kind: str) -> None:
    words, line = sentences(filled(kind), IDLE)
    assert words.endswith(".")
    assert line.startswith("toxiproxy-cli --host ")
    assert f" -t {kind} " in line
    assert "--toxicity 1" in line


def test_the_sentence_counts_who_feels_it() -> None:
    words, line = sentences(LATENCY, IDLE)
    assert "payments will wait 1.9–2.1" in words.replace("\u00a0", " ")
    assert "12 connections" in words.replace("\u00a0", " ")
    assert "127.0.0.1:8474" in line


def test_what_cannot_be_read_names_its_field() -> None:
    wrong = Draft(proxy="payments", type="latency", attributes={"latency": "", "jitter": "1"})
    with pytest.raises(BadInput, match="latency: write a whole number"):
        sentences(wrong, IDLE)
