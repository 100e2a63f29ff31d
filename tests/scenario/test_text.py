from __future__ import annotations

import pytest

from loadtui.errors import BadInput
from loadtui.model.text import Text, Variable, constant
from loadtui.scenario.reader import read
from loadtui.scenario.text import Filled, Names, environment_names, fill, parse

NAMES = Names(
    {"HOST": "h", "EMPTY": "", "API_KEY": "k", "N": "5", "BAD": "\udcff"},
    frozenset({"order_id", "HOST2"}),
)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("plain $5 {x} $name", constant("plain $5 {x} $name")),
        ("${HOST}", constant("h")),
        ("http://${HOST}:${PORT:-80}/", constant("http://h:80/")),
        ("${EMPTY}", Text()),
        ("${EMPTY:-x}", constant("x")),
        ("${NOPE:-}", Text()),
        ("${NOPE:-http://127.0.0.1:3000}", constant("http://127.0.0.1:3000")),
        ("a$${HOST}b", constant("a${HOST}b")),
        ("$$${HOST}", constant("$${HOST}")),
        ("${uuid}", Text((Variable("uuid"),))),
        ("a${vu}-${iteration}b", Text(("a", Variable("vu"), "-", Variable("iteration"), "b"))),
        ("${random:1..100}", Text((Variable("random", low=1, high=100),))),
        ("${random:-5..-5}", Text((Variable("random", low=-5, high=-5),))),
        ("/o/${order_id}", Text(("/o/", Variable("saved", name="order_id")))),
        ("${now}", Text((Variable("now"),))),
    ],
)
def test_values_are_filled_in(written: str, text: Text) -> None:
    assert parse(written, NAMES) == text


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("${NOPE}", "${NOPE} has no value; set it with -e NOPE=value or write ${NOPE:-default}"),
        ("${order_di}", "${order_di} has no value; did you mean ${order_id}? Else set it with -e"),
        ("${uid}", "${uid} has no value; did you mean ${uuid}?"),
        ("${HOST", "${HOST is not closed; add }, or write $${ for a literal ${"),
        ("${}", "${} is not a name; write ${NAME}, ${NAME:-default}"),
        ("${a b}", "${a b} is not a name"),
        ("${NAME-x}", "${NAME-x} is not a name"),
        ("${A:-${B}}", "${A:-${B}: a default cannot hold another ${…}; write it out"),
        ("${uuid:-1}", "${uuid:-1}: uuid takes no default; write ${uuid}"),
        ("${order_id:-1}", "${order_id:-1}: order_id takes no default; write ${order_id}"),
        ("${random}", "${random} is not a range; write ${random:1..100}"),
        ("${random:a..b}", "${random:a..b} is not a range"),
        ("${random:9..1}", "${random:9..1} is an empty range; write ${random:1..9}"),
        ("\udcff", "'\\udcff' is not UTF-8 text; mend its encoding"),
        ("${BAD}", "'\\udcff' is not UTF-8 text; mend its encoding"),
        ("${users.name}", "${users.name}: there is no data users; add data: {users: users.csv}"),
        ("${user.name}", "${user.name}: there is no data user; add data: {user: user.csv}"),
    ],
)
def test_what_has_no_value_is_refused(written: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(written, NAMES)
    assert says in str(refused.value)


def test_an_environment_value_is_not_read_again() -> None:
    assert parse("${X}", Names({"X": "${HOST} $${"})) == constant("${HOST} $${")


def test_names_that_a_text_may_ask_for() -> None:
    assert environment_names("${A} ${B:-x} $${C} ${random:1..2} ${d.e}") == {"A", "B"}


def test_a_document_is_filled_in_place() -> None:
    document = fill(
        read('a: ${N}\nb: "${N}"\nc: x${N}\nd: ${vu}\ne: "${vu}"\nf: [1, "${NOPE}"]\n'), NAMES
    )
    assert document.root == {
        "a": "5",
        "b": "5",
        "c": "x5",
        "d": Text((Variable("vu", escape="json value"),)),
        "e": Text((Variable("vu"),)),
        "f": [1, "${NOPE}"],
    }
    assert isinstance(document.root["a"], Filled)
    assert document.root["a"].meaning == 5
    assert not isinstance(document.root["b"], Filled)
    assert [problem.line("f") for problem in document.problems] == [
        "f:6:8: ${NOPE} has no value; set it with -e NOPE=value or write ${NOPE:-default}"
    ]
