from __future__ import annotations

import pytest

from loadtui.scenario.place import Place, Problem
from loadtui.scenario.reader import Quoted, read


def test_values_and_places() -> None:
    document = read("name: x\nrequests:\n  - {url: /a, n: 1}\n  - url: /b\n")
    assert document.root == {
        "name": "x",
        "requests": [{"url": "/a", "n": 1}, {"url": "/b"}],
    }
    assert document.value_place(("requests", 0, "n")) == Place(3, 18, "1")
    assert document.key_place(("requests", 1, "url")) == Place(4, 5, "url")
    assert document.value_place(("requests", 1, "method")) == Place(4, 5)
    assert document.key_place(()) == Place(1, 1)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("5", 5),
        ("-1.5", -1.5),
        ("1e3", 1000.0),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("+5", "+5"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("12345678901234567890", 12345678901234567890),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("null", None),
        ("~", None),
        ("", None),
        ("2026-11-24", "2026-11-24"),
        ("12:30:00", "12:30:00"),
        ("!!str 5", "5"),
        ('"5"', "5"),
        ("'true'", "true"),
        ("|\n  a\n  b", "a\nb\n"),
    ],
)
def test_only_jsons_numbers_are_numbers(source: str, value: object) -> None:
    read_back = read(f"a: {source}\n").root["a"]
    assert (read_back, type(read_back) is bool) == (value, isinstance(value, bool))


def test_quotes_are_remembered() -> None:
    root = read("a: '5'\nb: five\n").root
    assert isinstance(root["a"], Quoted)
    assert not isinstance(root["b"], Quoted)


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert read('a: "\\ud83d\\ude00"').root == {"a": "😀"}


def test_what_a_terminal_would_obey_is_shown_instead() -> None:
    problem = Problem(Place(), "the key \x1b[2J\n is odd", "")
    assert problem.line("f\r") == "f\\r:1:1: the key \\x1b[2J is odd"


def test_aliases_and_merged_mappings() -> None:
    document = read(
        "a: &a {x: 1, y: 2}\nb: &b {<<: *a, y: 3}\nc: {<<: [*b, {x: 9, z: 4}]}\nd: *a\n"
    )
    assert document.problems == ()
    assert document.root == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"y": 3, "x": 1, "z": 4},
        "d": {"x": 1, "y": 2},
    }
    assert document.value_place(("c", "z")) == Place(3, 24, "4")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ["f:1:1: the file is empty; write at least target: and requests:"]),
        ("# only a comment\n", ["f:1:1: the file is empty; write at least target: and requests:"]),
        ("x", ["f:1:1: a scenario is a mapping of keys; begin with name:, target:, requests:"]),
        ("[1]", ["f:1:1: a scenario is a mapping of keys; begin with name:, target:, requests:"]),
        ("a: {id: ${x}}", ['f:1:10: ${x} needs quotes inside { } or [ ]; write "${x}"']),
        ("a: [x, ${x:-1}]", ['f:1:9: ${x:-1} needs quotes inside { } or [ ]; write "${x:-1}"']),
        (
            "t: {m{a:b}: [p(95)<1]}",
            [
                "f:1:6: m{a:b} cannot be a key inside { }; "
                "put it on a line of its own, without the braces around it"
            ],
        ),
        (
            "t: {a:b}",
            [
                "f:1:5: 'a:b' is read as one key without a value; "
                "write a space after the colon: a: b"
            ],
        ),
        ("a: b: c", ['f:1:5: a second ": " in one line; write the value in quotes']),
        ("a:\n\t- b", ["f:2:1: a tab indents nothing in YAML; indent with spaces"]),
        ("a: `b`", ["f:1:4: text cannot begin so; write it in quotes"]),
        ('a: "b', ["f:1:6: a quote is opened and never closed; close it"]),
        ("a: [1,", ["f:1:7: a bracket or brace is opened and never closed; close it"]),
        (
            "a: 'it's'",
            ["f:1:8: a quote ends too early; double it inside single quotes"],
        ),
        (
            'a: "\\q"',
            ["f:1:6: a backslash in double quotes starts an escape; use single quotes"],
        ),
        (
            "a: 1\nb: 2\na: 3\n",
            ["f:3:1: the key a is there twice; keep one of the two (the first is in line 1)"],
        ),
        (
            "a: 1\n---\nb: 2",
            ["f:2:1: one file is one scenario; remove the second ---"],
        ),
        ("a: *b", ["f:1:4: a text that begins with * is an alias; write it in quotes"]),
        ("a: !x b", ["f:1:4: the tag !x means nothing here; leave the !tag out"]),
        (
            "a: !!python/object:os.system x",
            [
                "f:1:4: the tag tag:yaml.org,2002:python/object:os.system means nothing here; "
                "leave the !tag out"
            ],
        ),
        ("? [a]\n: b", ["f:1:3: a key must be text; write key: value"]),
        ("a: {<<: 5}", ["f:1:9: << takes a mapping; write <<: *name"]),
        (
            "a:\n  b: 1\n c: 2",
            ["f:3:2: this line is indented differently; align it with its siblings"],
        ),
        (
            "- a\nb: c",
            ["f:2:1: this line does not continue what is above; check its indentation"],
        ),
        ('a: "\\ud800"', ["f:1:4: this text holds half a character; complete its \\u pair"]),
        (
            "a: b\n\x07",
            ["f:2:1: the control character U+0007 is not allowed in YAML; remove it"],
        ),
        ("&a {b: *a}", ["f:1:1: the file is nested too deeply or repeats itself; flatten it"]),
        ("a: &x {<<: *x}", ["f:1:4: the file is nested too deeply or repeats itself; flatten it"]),
        ("{" * 1000, ["f:1:1: the file is nested too deeply; flatten it"]),
        (
            "[" * 80 + "]" * 80,
            ["f:1:62: the file is nested too deeply or repeats itself; flatten it"],
        ),
    ],
)
def test_yamls_errors_say_what_to_do(text: str, lines: list[str]) -> None:
    assert [problem.line("f") for problem in read(text).problems] == lines


@pytest.mark.parametrize("merge", ["", "<<: "])
def test_an_alias_that_multiplies_itself_ends_soon(merge: str) -> None:
    lines = ["a0: &a0 {x: 1}"]
    for i in range(1, 40):
        pair = f"[*a{i - 1}, *a{i - 1}]"
        lines.append(f"a{i}: &a{i} {{{merge}{pair if merge else f'k: {pair}'}}}")
    (problem,) = read("\n".join(lines)).problems
    assert problem.what == "the file is nested too deeply or repeats itself"
