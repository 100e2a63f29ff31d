"""`${…}`: environment values become constant at once, the others become variables of a Text.

`${NAME}` and `${NAME:-default}` come from the environment; `${uuid}`, `${vu}`, `${iteration}`,
`${now}`, `${random:1..100}` and saved names are fresh for each request; `$${` is a literal `${`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from loadtui.errors import BadInput
from loadtui.model.suggest import advice, nearest
from loadtui.model.text import Text, Variable, VariableKind, joined
from loadtui.scenario.place import Document, Path, Problem
from loadtui.scenario.reader import Quoted, scalar

FRESH = ("uuid", "vu", "iteration", "now")
RESERVED = frozenset((*FRESH, "random"))
"""Names that neither `save:` nor the environment can take."""

_PART = re.compile(r"\$\$\{|\$\{([^}]*)(\}?)")
_ENVIRONMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:(:-)(.*))?", re.ASCII | re.DOTALL)
_RANDOM = re.compile(r"random:\s*(-?\d{1,18})\.\.(-?\d{1,18})\s*", re.ASCII)
_COLUMN = re.compile(r"[A-Za-z_]\w*\.[A-Za-z_]\w*", re.ASCII)


class Names(msgspec.Struct, frozen=True):
    """What `${…}` may name: the environment, names that requests save, and sources of `data:`."""

    environment: Mapping[str, str] = {}
    saved: frozenset[str] = frozenset()
    data: frozenset[str] = frozenset()


class Filled(str):
    """A plain scalar that was one `${NAME}` and nothing else: a number may stand in it."""

    __slots__ = ()

    @property
    def meaning(self) -> bool | int | float | str | None:
        """The value as YAML would have read it in the file."""
        return scalar(str(self))


def parse(written: str, names: Names) -> Text:
    """The text with its environment values filled in.

    Raises:
        BadInput: for a name without value or default, and for what is no `${…}` at all.
    """
    parts: list[Text | str] = []
    end = 0
    _check_encoding(written)
    for found in _PART.finditer(written):
        parts.append(written[end : found.start()])
        parts.append("${" if found[1] is None else _value(found[1], found[2], names))
        end = found.end()
    return joined(*parts, written[end:])


def environment_names(written: str) -> set[str]:
    """The environment names that a text may ask for."""
    inner = (found[1] for found in _PART.finditer(written) if found[1])
    return {found[1] for each in inner if (found := _ENVIRONMENT.fullmatch(each))}


def fill(document: Document, names: Names) -> Document:
    """The document with every string filled in.

    A string becomes str (`Filled` where a plain scalar was one `${NAME}`), or Text where it holds
    variables; a variable that is alone in a plain scalar is marked as a whole JSON value.
    """
    problems = list(document.problems)
    root = _filled(document.root, (), names, document, problems)
    return msgspec.structs.replace(document, root=root, problems=tuple(problems))


def _filled(
    value: object, path: Path, names: Names, document: Document, problems: list[Problem]
) -> Any:  # noqa: ANN401 - a tree of anything
    match value:
        case dict():
            return {k: _filled(v, (*path, k), names, document, problems) for k, v in value.items()}
        case list():
            return [_filled(v, (*path, i), names, document, problems) for i, v in enumerate(value)]
        case str() if "${" in value:
            try:
                return _text(value, names)
            except BadInput as error:
                problems.append(document.at_value(path, error))
                return value
        case _:
            return value


def _text(written: str, names: Names) -> str | Text:
    text = parse(written, names)
    found = _PART.fullmatch(written)
    alone = found is not None and found[1] is not None and not isinstance(written, Quoted)
    if text.is_constant:
        value = "".join(cast("tuple[str, ...]", text.parts))
        return Filled(value) if alone else value
    return text.escaped("json value") if alone else text


def _value(inner: str, closed: str, names: Names) -> Text | str:
    if not closed:
        raise BadInput(f"${{{inner} is not closed", hint="add }, or write $${ for a literal ${")
    if inner.startswith("random"):
        return Text((_random(inner),))
    if inner in FRESH:
        return Text((Variable(cast("VariableKind", inner)),))
    if inner in names.saved:
        return Text((Variable("saved", name=inner),))
    found = _ENVIRONMENT.fullmatch(inner)
    if found is None:
        return _column(inner, names)
    name, has_default, default = found.groups()
    if has_default and name in names.saved | RESERVED:
        raise BadInput(f"${{{inner}}}: {name} takes no default", hint=f"write ${{{name}}}")
    if has_default and "${" in default:
        raise BadInput(f"${{{inner}}}: a default cannot hold another ${{…}}", hint="write it out")
    return _from_environment(name, default if has_default else None, names)


def _from_environment(name: str, default: str | None, names: Names) -> str:
    value = names.environment.get(name)
    if default is not None and not value:  # as in a shell, `:-` also stands in for an empty value
        return default
    if value is not None:
        _check_encoding(value)
        return value
    near = nearest(name, (*names.saved, *FRESH))
    hint = f"did you mean ${{{near}}}? Else set it" if near else "set it"
    raise BadInput(
        f"${{{name}}} has no value",
        hint=f"{hint} with -e {name}=value or write ${{{name}:-default}}",
    )


def _check_encoding(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        hint = "mend its encoding"
        raise BadInput(f"{text!a} is not UTF-8 text", hint=hint) from None


def _random(inner: str) -> Variable:
    found = _RANDOM.fullmatch(inner)
    if found is None:
        raise BadInput(f"${{{inner}}} is not a range", hint="write ${random:1..100}")
    low, high = int(found[1]), int(found[2])
    if low > high:
        raise BadInput(f"${{{inner}}} is an empty range", hint=f"write ${{random:{high}..{low}}}")
    return Variable("random", low=low, high=high)


def _column(inner: str, names: Names) -> Text:
    """A value of a row, as `users.name`; raises BadInput for what is none."""
    source, dot, _ = inner.partition(".")
    if dot and source in names.data:
        return Text((Variable("data", name=inner),))
    if _COLUMN.fullmatch(inner):
        hint = advice(source, names.data) if names.data else f"add data: {{{source}: {source}.csv}}"
        raise BadInput(f"${{{inner}}}: there is no data {source}", hint=hint)
    hint = "write ${NAME}, ${NAME:-default}, ${uuid}, or $${ for a literal ${"
    raise BadInput(f"${{{inner}}} is not a name", hint=hint)
