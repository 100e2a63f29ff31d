"""`keymap.yaml`: the operator's own keys by id, and what is wrong with them.

A refused entry leaves its key as loadtui has it; no key ever means two things, and panic stays
within reach.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import msgspec
from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, Keys, key_to_character

from loadtui.errors import BadInput
from loadtui.model.suggest import advice, nearest
from loadtui.scenario.place import Document, Problem
from loadtui.scenario.reader import Kind
from loadtui.tui.keys import ALL_KEYS, IN_REPLAY, KEYS, Key, Keymap, names_of, sign
from loadtui.tui.own_file import own_file, told

KEYMAP = Kind("a keymap", "write an id with its key, such as spike: K")

_MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")
_NAMED = frozenset(key.value for key in Keys if not key.value.startswith(("<", "ctrl+", "shift+")))
_SHORT = {"esc": "escape", "return": "enter", "del": "delete", "pgup": "pageup", "pgdn": "pagedown"}
_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}
"""To a terminal these are one key."""
_FIELD = frozenset(
    {"left", "right", "home", "end", "backspace", "delete", "enter", "escape", "tab"}
)
"""What a text field needs besides."""
_ESCAPES = ("panic-anywhere", "interrupt", "suspend")
"""What works while something is typed, and so must not be a key that types."""


class Found(msgspec.Struct, frozen=True):
    """The usable part of a keymap, and a line for every part that is not usable."""

    keymap: Keymap = {}
    problems: tuple[str, ...] = ()


def read_keymap(path: Path) -> Found:
    """The keymap of the file; one that is not there changes nothing."""
    document = own_file(path, KEYMAP)
    if not isinstance(document.root, dict):
        return Found({}, told(path, document.problems))
    problems = list(document.problems)
    wanted: dict[str, str] = {}
    for name in document.root:
        try:
            wanted[name] = _keys(name, document)
        except BadInput as error:
            is_key = any(name == key.id for key in ALL_KEYS)
            problems.append((document.at_value if is_key else document.at_key)((name,), error))
    problems += _settled(wanted, document)
    return Found(wanted, told(path, problems))


def _keys(name: str, document: Document) -> str:
    """The keys that the file gives to an id, as Textual names them; raises BadInput."""
    ids = [key.id for key in ALL_KEYS]
    if name not in ids:
        raise BadInput(f"there is no key {name}", hint=advice(name, ids))
    value = document.root[name]
    if isinstance(value, list):
        written = [_written(document, (name, at)) for at in range(len(value))]
    else:
        text = _written(document, (name,))
        written = [text] if text == "," else [part.strip() for part in text.split(",")]
    found = [key_named(each) for each in written]
    if name in _ESCAPES and any(_types(each) for each in found):
        raise BadInput(
            f"{name} must work while something is typed", hint="take a key such as f9 or ctrl+x"
        )
    return ",".join(dict.fromkeys(found))


def _written(document: Document, path: tuple[str | int, ...]) -> str:
    value = document.root[path[0]]
    for part in path[1:]:
        value = value[part]
    source = document.value_place(path).source
    if value is None or not source:
        raise BadInput(f"{path[0]} needs a key", hint='write its name, in quotes if a sign: "+"')
    return source


def key_named(written: str) -> str:
    """Textual's name of a key that somebody wrote down; raises BadInput where there is none."""
    if len(written) == 1:
        return _of_sign(written)
    whole = f"{written[:-1]}plus" if written.endswith("++") else written
    *modifiers, base = whole.split("+")
    modifiers = [each.lower() for each in modifiers]
    if bad := [each for each in modifiers if each not in _MODIFIERS]:
        raise BadInput(f"{written}: {bad[0]} is no modifier", hint="ctrl, alt and shift are")
    return _sent([*sorted(modifiers, key=_MODIFIERS.index), _base(base, written)], written)


def _of_sign(sign_: str) -> str:
    """Textual's name of a key that types that sign."""
    if sign_.isalnum():
        return sign_
    if not sign_.isprintable():
        raise BadInput(f"there is no key for {sign_!a}", hint="take another")
    name = unicodedata.name(sign_, sign_).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def _base(base: str, written: str) -> str:
    if len(base) == 1:
        return _of_sign(base)
    name = _SHORT.get(base.lower(), base.lower())
    if name in _NAMED or _character(name) is not None:
        return KEY_NAME_REPLACEMENTS.get(name, name)
    near = nearest(name, _NAMED)
    hint = f"did you mean {near}?" if near else "write a sign, or a name such as f5 or pageup"
    raise BadInput(f"there is no key named {written}", hint=hint)


def _sent(parts: list[str], written: str) -> str:
    """The name under which a terminal sends the key; raises BadInput where it never does."""
    *modifiers, base = parts
    if modifiers == ["shift"] and len(base) == 1:
        raise BadInput(f"{written} arrives as {base.upper()}", hint=f"write {base.upper()}")
    name = "+".join((*modifiers, base.lower() if modifiers else base))
    if name in _SAME:
        raise BadInput(f"{written} is {_SAME[name]} to a terminal", hint="take another key")
    return name


def _types(name: str) -> bool:
    """Whether a text field takes the key for itself."""
    return _character(name) is not None or name in _FIELD


def _character(name: str) -> str | None:
    """What a key types, None for nothing."""
    return key_to_character(REPLACED_KEYS.get(name, name))


def _settled(wanted: dict[str, str], document: Document) -> Iterator[Problem]:
    """Take entries out until no key means two things; the last one in the file goes first."""
    while (clash := _clash(wanted)) is not None:
        name, others = clash
        mine = [each for each in wanted if each in others]
        taken = next(each for each in others if each != mine[-1])
        error = BadInput(
            f"{sign(name)} is {taken} already", hint=f"give {mine[-1]} or {taken} another key"
        )
        yield document.at_value((mine[-1],), error)
        del wanted[mine[-1]]


def _clash(wanted: Keymap) -> tuple[str, list[str]] | None:
    return _clash_in(KEYS, wanted) or _clash_in(IN_REPLAY, wanted)


def _clash_in(table: tuple[Key, ...], wanted: Keymap) -> tuple[str, list[str]] | None:
    owners: dict[str, list[str]] = {}
    for key in table:
        for name in names_of(key, wanted):
            owners.setdefault(name, []).append(key.id)
    return next(((name, ids) for name, ids in owners.items() if len(ids) > 1), None)
