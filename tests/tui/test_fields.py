from __future__ import annotations

from collections.abc import Callable

import pytest

from loadtui.errors import BadInput
from loadtui.model.command import AddNote, CreateProxy, SetTarget
from loadtui.model.toxic import SPECS
from loadtui.tui import fields
from tests.tui.states import snapshot

CHAOS = snapshot("idle").chaos
LATENCY = SPECS["latency"].attributes[0]
RATE = SPECS["bandwidth"].attributes[0]


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: fields.target("120", 1000), SetTarget(120)),
        (lambda: fields.target(" 1 000 ", 1000), SetTarget(1000)),
        (lambda: fields.note("  deploy   v42 "), AddNote("deploy v42")),
        (lambda: fields.attribute("2000", LATENCY), 2000),
        (lambda: fields.share("10 %"), 0.1),
        (lambda: fields.time_to_live("5:00"), 300.0),
        (lambda: fields.time_to_live("90s"), 90.0),
        (lambda: fields.time_to_live("90"), 90.0),
        (
            lambda: fields.create_proxy("new", " 127.0.0.1:1 ", "db:5432", CHAOS),
            CreateProxy("new", "127.0.0.1:1", "db:5432"),
        ),
    ],
)
def test_what_is_right_is_read(read: Callable[[], object], value: object) -> None:
    assert read() == value


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (lambda: fields.target("many", 1000), "whole number"),
        (lambda: fields.target("1001", 1000), "at most 1\u00a0000"),
        (lambda: fields.target("٣", 1000), "whole number"),
        (lambda: fields.note("  "), "a few words"),
        (lambda: fields.attribute("0", RATE), "1 to 10\u00a0000 kB/s"),
        (lambda: fields.attribute("", LATENCY), "whole number"),
        (lambda: fields.share("0"), "1 to 100 %"),
        (lambda: fields.time_to_live("soon"), "duration"),
        (lambda: fields.time_to_live("0"), "1 s to 24 h"),
        (lambda: fields.time_to_live("25h"), "1 s to 24 h"),
        (lambda: fields.create_proxy("", "a:1", "b:2", CHAOS), "name: 1 to 64"),
        (lambda: fields.create_proxy("payments", "a:1", "b:2", CHAOS), "exists already"),
        (lambda: fields.create_proxy("new", "a", "b:2", CHAOS), "listen"),
        (
            lambda: fields.create_proxy("new", "127.0.0.1:1", "http://127.0.0.1:3000/x", CHAOS),
            "here 127.0.0.1:3000",
        ),
    ],
)
def test_what_is_wrong_says_how_to_mend_it(read: Callable[[], object], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        read()
    assert words in str(caught.value)
