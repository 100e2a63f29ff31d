"""YAML text → plain values with their places. YAML's own errors are put into words for people.

Built on the node graph of ruamel.yaml, which keeps marks, quotes and sources. Only what JSON calls
a number is one, so `007` and `1_000` stay text; quoted scalars are always text (`Quoted`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from loadtui.errors import BadInput
from loadtui.scenario.place import Document, Path, Place, Problem
from loadtui.scenario.yaml_error import in_words

MAX_DEPTH = 60
MAX_NODES = 100_000
"""More values than this are an alias that repeats itself, not a scenario."""

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,4000})(?:\.\d{1,4000})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_OWN_TAGS = ("null", "bool", "int", "float", "str", "timestamp", "map", "seq", "merge")


class Quoted(str):
    """Text that was written in quotes or as a block: it stays text wherever it stands."""

    __slots__ = ()


class Kind(msgspec.Struct, frozen=True):
    """What a file is, for the words about one that is not: `empty` is what to write into it, ""
    where it may be empty.
    """

    called: str
    begin: str
    empty: str = ""


SCENARIO = Kind(
    "a scenario", "begin with name:, target:, requests:", "at least target: and requests:"
)


def read(text: str, kind: Kind = SCENARIO) -> Document:
    """The document in `text`; what is wrong with its syntax is in `Document.problems`."""
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, RecursionError, ValueError) as error:
        return Document(None, {}, {}, (in_words(error, text),))
    if node is None and not kind.empty:
        return Document({}, {}, {})
    if node is None:
        problem = Problem(Place(), "the file is empty", f"write {kind.empty}")
        return Document(None, {}, {}, (problem,))
    walk = _Walk()
    try:
        root = walk.value(node, ())
    except _TooMuch as error:
        return Document(None, {}, {}, (Problem(error.place, error.what, error.hint),))
    if not isinstance(root, dict):
        what = f"{kind.called} is a mapping of keys"
        walk.problems.append(Problem(walk.values[()], what, kind.begin))
    return Document(root, walk.values, walk.keys, tuple(walk.problems))


def scalar(source: str) -> bool | int | float | str | None:
    """What a plain (unquoted) scalar means."""
    if source.lower() in _WORDS:
        return _WORDS[source.lower()]
    if _NUMBER.fullmatch(source):
        number: int | float = json.loads(source)
        return number if math.isfinite(number) else source
    return source


class _TooMuch(BadInput):
    def __init__(self, place: Place) -> None:
        super().__init__("the file is nested too deeply or repeats itself", hint="flatten it")
        self.place = place


class _Walk:
    """One pass over a node graph; collects places and problems."""

    def __init__(self) -> None:
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self._nodes = 0

    def value(self, node: Node, path: Path) -> Any:  # noqa: ANN401 - a tree of anything
        place = _place(node)
        self._nodes += 1
        if len(path) > MAX_DEPTH or self._nodes > MAX_NODES:
            raise _TooMuch(place)
        self.values.setdefault(path, place)
        tag = str(node.tag)
        if tag.removeprefix("tag:yaml.org,2002:") not in _OWN_TAGS:
            hint = "leave the !tag out"
            self._problem(place, f"the tag {tag} means nothing here", hint)
        match node:
            case ScalarNode():
                return self._scalar(node, tag, place)
            case SequenceNode():
                return [self.value(each, (*path, i)) for i, each in enumerate(node.value)]
            case MappingNode():
                return self._mapping(node, path)
            case _:  # the composer makes no other node
                return None

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not _is_merge(key_node) and (key := self._new_key(key_node, path, out)) is not None:
                self.keys[*path, key] = _place(key_node)
                if not (node.flow_style and ":" in key and _is_missing(value_node)):
                    out[key] = self._entry(key_node, value_node, (*path, key))
                else:
                    self._one_key(key, key_node)
        for key_node, value_node in self._merged(node, len(path)):
            key = str(key_node.value)
            if key not in out:
                self.keys[*path, key] = _place(key_node)
                out[key] = self._entry(key_node, value_node, (*path, key))
        return out

    def _new_key(self, node: Node, path: Path, taken: dict[str, Any]) -> str | None:
        key = str(node.value)
        if not isinstance(node, ScalarNode):
            self._problem(_place(node), "a key must be text", "write key: value")
            return None
        if key in taken:
            hint = f"keep one of the two (the first is in line {self.keys[*path, key].line})"
            self._problem(_place(node), f"the key {key} is there twice", hint)
            return None
        return key

    def _entry(self, key_node: Node, value_node: Node, path: Path) -> Any:  # noqa: ANN401
        """A value; where nothing is written the mark is elsewhere, so its key stands for it."""
        value = self.value(value_node, path)
        if _is_missing(value_node):
            self.values[path] = _place(key_node)
        return value

    def _one_key(self, key: str, node: Node) -> None:
        hint = f"write a space after the colon: {key.replace(':', ': ', 1)}"
        if key.endswith(":"):
            hint = f"write {key} value"
        self._problem(_place(node), f"{key!r} is read as one key without a value", hint)

    def _merged(self, node: MappingNode, depth: int) -> Iterator[tuple[Node, Node]]:
        """Entries that `<<: *other` (a mapping or a list of them) brings in, nested ones too."""
        self._nodes += len(node.value)
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise _TooMuch(_place(node))
        for key_node, value_node in node.value:
            if not _is_merge(key_node):
                continue
            others = value_node.value if isinstance(value_node, SequenceNode) else [value_node]
            for other in others:
                if not isinstance(other, MappingNode):
                    self._problem(_place(value_node), "<< takes a mapping", "write <<: *name")
                    continue
                yield from (
                    pair
                    for pair in other.value
                    if isinstance(pair[0], ScalarNode) and not _is_merge(pair[0])
                )
                yield from self._merged(other, depth + 1)

    def _scalar(self, node: ScalarNode, tag: str, place: Place) -> bool | int | float | str | None:
        try:
            return _meaning(str(node.value), tag, is_quoted=node.style is not None)
        except UnicodeError:
            self._problem(place, "this text holds half a character", "complete its \\u pair")
            return ""

    def _problem(self, place: Place, what: str, hint: str) -> None:
        self.problems.append(Problem(place, what, hint))


def _place(node: Node) -> Place:
    source = str(node.value) if isinstance(node, ScalarNode) else ""
    return Place(node.start_mark.line + 1, node.start_mark.column + 1, source)


def _is_merge(node: Node) -> bool:
    return str(node.tag).endswith(":merge")


def _is_missing(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value == "" and node.style is None


def _meaning(written: str, tag: str, *, is_quoted: bool) -> bool | int | float | str | None:
    """What a scalar stands for; raises UnicodeError for half of a pair of surrogates."""
    text = written if written.isascii() else _paired(written)
    if is_quoted or (tag.endswith(":str") and scalar(text) != text):
        return Quoted(text)  # an explicit !!str makes text of what would be a number
    return scalar(text)


def _paired(text: str) -> str:
    """YAML reads a pair of surrogates, as JSON escapes them, as two characters: make it one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16")
