from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.model.table import Flawed, parse

CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


def refused(data: bytes, kind: str = ".csv") -> list[tuple[int, int, str]]:
    with pytest.raises(Flawed) as flawed:
        parse(data, kind)
    return [(flaw.line, flaw.column, flaw.what) for flaw in flawed.value.flaws]


def test_csv_has_rows_by_the_names_of_its_header() -> None:
    table = parse('\ufeffid, name\r\n7,"a ""b"", c"\r\n\r\n008,"two\nlines"\r\n'.encode(), ".csv")
    assert table.columns == ("id", "name")
    assert [table.row(0), table.row(1)] == [
        {"id": "7", "name": 'a "b", c'},
        {"id": "008", "name": "two\nlines"},
    ]


def test_json_keeps_the_kinds_of_its_values() -> None:
    table = parse(b' [{"id": 7, "tags": ["a"]},\n {"id": null, "more": 1.5}] ', ".json")
    assert table.columns == ("id", "tags", "more")
    assert table.row(0) == {"id": 7, "tags": ["a"]}
    assert table.row(1)["id"] is None


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (b"", (1, 1, "the file is empty")),
        (b"\xef\xbb\xbf \n", (1, 1, "the file is empty")),
        (b"id,name\n", (2, 1, "there is no row below the header")),
        (b"id,,name\n1,2,3\n", (1, 1, "column 2 has no name")),
        (b"id,name,id\n1,2,3\n", (1, 1, "two columns are named id")),
        (b"id;name\n1;2\n", (1, 1, "columns are separated by commas, and here is ;")),
        (b'id\n"a\nb"x\n', (2, 1, "text follows a closing quote")),
        (b'id\n1\n"a\nb\n', (3, 1, "a quote is never closed")),
        ("id\nä".encode() + b"\xff", (2, 2, "this is not UTF-8 text")),
        ("id\n1\n".encode("utf-16"), (1, 1, "this is not UTF-8 text")),
    ],
)
def test_what_is_no_csv_is_told_with_its_place(data: bytes, flaw: tuple[int, int, str]) -> None:
    assert refused(data) == [flaw]


def test_ragged_rows_are_told_all_at_once_but_not_without_end() -> None:
    data = b'a,b\n1\n"x\ny",2\n1,2,3\n' + b"1\n" * 100
    flaws = refused(data)
    assert flaws[:2] == [
        (2, 1, "this row has 1 value, and the header names 2"),
        (5, 1, "this row has 3 values, and the header names 2"),
    ]
    assert len(flaws) == 10


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (b"[]", (1, 1, "the list is empty")),
        (b'{"a": 1}', (1, 1, "the file holds no list")),
        (b'[{"a": 1},\n "b"]', (2, 2, "a row is an object")),
        (b'[{"a": 1},\n {"a" 1}]', (2, 7, "this is no JSON: Expecting ':' delimiter")),
        (b'[{"a": 1} {"a": 2}]', (1, 11, "this is no JSON: expected , or ]")),
        (b'[{"a": 1}', (1, 10, "this is no JSON: expected , or ]")),
        (b'[{"a": 1}]\n[]', (2, 1, "something follows the list")),
    ],
)
def test_what_is_no_json_is_told_with_its_place(data: bytes, flaw: tuple[int, int, str]) -> None:
    assert refused(data, ".json") == [flaw]


def test_nesting_without_end_is_no_crash() -> None:
    assert refused(b'[{"a": ' + b"[" * 100_000, ".json")[0][2] in {
        "this row is nested too deeply",
        "this is no JSON: Expecting value",
    }


def test_a_row_that_lacks_what_is_asked_for_is_told() -> None:
    data = b'[{"a": 1},\n  {"b": 2},\n{"a": 3, "b": 4}]'
    with pytest.raises(Flawed) as flawed:
        parse(data, ".json", frozenset({"b", "nowhere"}))
    assert [(f.line, f.column, f.what) for f in flawed.value.flaws] == [(1, 2, "this row has no b")]


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_csv_comes_back_as_it_was_written(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
    table = parse(out.getvalue().encode(), ".csv")
    assert [tuple(table.row(n).values()) for n in range(len(table.records))] == rows


@given(st.lists(st.dictionaries(CELLS, CELLS | st.integers() | st.none()), min_size=1, max_size=5))
def test_json_comes_back_as_it_was_written(rows: list[dict[str, object]]) -> None:
    table = parse(json.dumps(rows, indent=1).encode(), ".json")
    assert [table.row(n) for n in range(len(table.records))] == rows
