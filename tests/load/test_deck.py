from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from loadtui.load.deck import Deck, Row, new_deck, used_by
from loadtui.load.draft import Draft
from loadtui.load.head import Call
from loadtui.load.prepared import PreparedRequest
from loadtui.load.values import Sources, Values
from loadtui.model.data import AtEnd, DataSource, Pick
from loadtui.model.request import RequestTemplate
from loadtui.model.text import Text, Variable

PROCESSES = 3
TAKE = """
import os, sys
from pathlib import Path
from loadtui.load.deck import new_deck
from loadtui.model.data import DataSource
import msgspec
source = msgspec.json.decode(sys.argv[1], type=DataSource)
deck = new_deck(source, int(sys.argv[2]), "1")
while (row := deck.take()) is not None:
    print(row.id)
"""


def source(
    folder: Path, rows: int = 5, *, pick: Pick = "unique", at_end: AtEnd = "stop"
) -> DataSource:
    file = folder / "users.csv"
    file.write_text("id,name\n" + "".join(f"{n},n{n}\n" for n in range(rows)), encoding="utf-8")
    return DataSource(
        name="users",
        file=str(file),
        written="users.csv",
        pick=pick,
        at_end=at_end,
        columns=("id", "name"),
        rows=rows,
    )


def taken(deck: Deck, most: int) -> list[str]:
    rows = [deck.take() for _ in range(most)]
    return [row["id"] for row in rows if row is not None]


@pytest.mark.parametrize("at_end", ["stop", "fail"])
def test_rows_come_in_the_order_of_the_file_until_none_is_left(
    tmp_path: Path, at_end: AtEnd
) -> None:
    deck = new_deck(source(tmp_path, at_end=at_end), None, "1")
    assert taken(deck, 4) == ["0", "1", "2", "3"]
    assert not deck.is_over
    assert taken(deck, 9) == ["4"]
    assert deck.is_over


def test_the_first_row_comes_again_where_the_file_is_recycled(tmp_path: Path) -> None:
    deck = new_deck(source(tmp_path, 3, pick="in-order", at_end="recycle"), None, "1")
    assert taken(deck, 7) == ["0", "1", "2", "0", "1", "2", "0"]
    assert not deck.is_over


def test_random_rows_repeat_with_the_seed_and_reach_every_row(tmp_path: Path) -> None:
    given = source(tmp_path, 4, pick="random", at_end="recycle")
    drawn = taken(new_deck(given, None, "7 0"), 100)
    assert taken(new_deck(given, None, "7 0"), 100) == drawn
    assert taken(new_deck(given, None, "7 1"), 100) != drawn
    assert set(drawn) == {"0", "1", "2", "3"}


def test_no_row_is_given_twice_by_several_processes_and_none_is_left_out(tmp_path: Path) -> None:
    given = source(tmp_path, 3000)
    tickets = os.open(given.file, os.O_RDONLY)
    import msgspec

    words = [sys.executable, "-c", TAKE, msgspec.json.encode(given).decode(), str(tickets)]
    running = [
        subprocess.Popen(words, pass_fds=[tickets], stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    outs = [each.communicate(timeout=20)[0].split() for each in running]
    os.close(tickets)
    assert sorted(int(each) for out in outs for each in out) == list(range(3000))


def test_a_file_that_changed_since_is_refused(tmp_path: Path) -> None:
    given = source(tmp_path)
    source(tmp_path, 6)
    with pytest.raises(ValueError, match=r"data users: users.csv: the file changed after it was"):
        new_deck(given, None, "1")
    Path(given.file).unlink()
    with pytest.raises(ValueError, match=r"users.csv: No such file"):
        new_deck(given, None, "1")


def test_a_row_is_read_by_item_and_by_attribute() -> None:
    row = Row({"id": "7", "items": "x"}, is_text=True)
    assert (row.id, row["id"], row["items"], row.get("nope"), dict(row)) == (
        *("7", "7", "x", None),
        {"id": "7", "items": "x"},
    )
    with pytest.raises(AttributeError, match="the row has no column idd; did you mean id"):
        _ = row.idd
    with pytest.raises(KeyError, match="the row has no column name; known: id, items"):
        _ = row["name"]


@pytest.mark.parametrize(
    ("value", "is_text", "says"),
    [
        ("12", True, "12"),
        ("-1.50", True, "-1.50"),
        ("true", True, "true"),
        ("007", True, '"007"'),
        ("", True, '""'),
        ("null", True, '"null"'),
        ("12", False, '"12"'),
        (12, False, "12"),
        (None, False, "null"),
        ({"a": [1]}, False, '{"a":[1]}'),
    ],
)
def test_a_value_alone_in_json_is_what_it_looks_like_in_csv_and_is_in_json(
    value: object, is_text: bool, says: str
) -> None:
    row = Row({"a": value}, is_text=is_text)
    assert row.as_json("a") == says
    template = request(body=Text((Variable("data", "users.a", escape="json value"),)))
    assert built(template, row).body.decode() == says


def request(*, url: str = "http://127.0.0.1:1/u/", **more: object) -> RequestTemplate:
    part = Variable("data", "users.a", escape="url")
    return RequestTemplate(name="r", method="POST", url=Text((url, part)), **more)  # type: ignore[arg-type]


def values(row: Row) -> Values:
    one = Values(1, Sources(Random(1), Random(2), lambda: 0.0))
    one.rows["users"] = row
    return one


def built(template: RequestTemplate, row: Row) -> Call:
    return PreparedRequest(template).build(values(row))


NASTY = 'x\r\nevil: 1\0?a=b#c é" \\'


@pytest.mark.parametrize("escape", ["header", ""])
def test_a_value_cannot_bring_a_header_or_a_request_of_its_own(escape: str) -> None:
    header = Text((Variable("data", "users.a", escape=escape),))  # type: ignore[arg-type]
    template = request(
        headers=(("x-name", header),),
        body=Text(('{"a":"', Variable("data", "users.a", escape="json"), '"}')),
    )
    row = Row({"a": NASTY}, is_text=True)
    if escape == "":
        with pytest.raises(ValueError, match="the value of header x-name holds a line break"):
            built(template, row)
        return
    call = PreparedRequest(template).build(values(row))
    lines = call.head.split(b"\r\n")
    assert not [line for line in lines if line.startswith(b"evil")]
    assert lines[0].startswith(b"POST /u/x%0D%0Aevil:%201%00")
    assert json.loads(call.body) == {"a": NASTY}


def test_a_draft_fills_in_what_the_whole_way_would() -> None:
    template = request(headers=(("x", Text((Variable("data", "users.a", escape="header"),))),))
    row = values(Row({"a": "a b/c"}, is_text=True))
    assert Draft(template, keeps_body=False).call(row).wire.startswith(b"POST /u/a%20b/c HTTP/1.1")


def test_requests_say_which_sources_they_are_filled_from() -> None:
    plain = RequestTemplate(name="p", url=Text(("http://h/",)))
    assert used_by([plain]) == frozenset()
    assert used_by([plain, request()]) == {"users"}
