"""`config.yaml`: the operator's own defaults for the flags of a run.

One rule names a setting everywhere: `--max-vus`, `LOADTUI_MAX_VUS`, `max_vus:`; repeatable ones are
plural in the last two. A flag goes before the environment, that before the file, that before what
loadtui takes by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from loadtui.cli.flags import running
from loadtui.errors import BadInput, FileError
from loadtui.model.suggest import advice
from loadtui.scenario.place import Document
from loadtui.scenario.reader import Kind
from loadtui.tui.own_file import own_file, told

CONFIG = Kind("a configuration", "write a setting, such as theme: light")


class Setting(msgspec.Struct, frozen=True):
    """One setting: its key in the file, its environment variable and its option."""

    key: str
    variable: str
    option: click.Option

    @property
    def is_switch(self) -> bool:
        """Whether it is on or off."""
        return bool(self.option.is_flag)

    @property
    def words(self) -> str:
        """What it does, as the help says."""
        return self.option.help or ""


def settings() -> tuple[Setting, ...]:
    """Every setting, in the order of the help."""

    @click.command()
    @running
    def bare(**_: object) -> None:
        """Nothing: the flags are wanted."""

    found = []
    for option in bare.params:
        if isinstance(option, click.Option) and isinstance(option.envvar, str):
            key = option.envvar.removeprefix("LOADTUI_").lower()
            found.append(Setting(key, option.envvar, option))
    return tuple(found)


def configured(path: Path) -> Mapping[str, Any]:
    """The defaults that the file gives, by the names of parameters; raises FileError."""
    found, problems = read_config(path)
    if problems:
        raise FileError(problems)
    return found


def read_config(path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The usable defaults of the file, and a line for everything in it that is not usable."""
    document = own_file(path, CONFIG)
    if not isinstance(document.root, dict):
        return {}, told(path, document.problems)
    known = {each.key: each for each in settings()}
    found: dict[str, Any] = {}
    problems = list(document.problems)
    for key in document.root:
        try:
            found |= _default(known, key, document)
        except BadInput as error:
            at = document.at_value if key in known else document.at_key
            problems.append(at((key,), error))
    return found, told(path, problems)


def _default(known: Mapping[str, Setting], key: str, document: Document) -> dict[str, Any]:
    """The default that a key of the file gives, checked as the flag would be; raises BadInput."""
    if key not in known:
        near = key.replace("-", "_")
        hint = f"write {near}" if near in known else advice(key, known)
        raise BadInput(f"there is no setting {key}", hint=hint)
    setting, value = known[key], document.root[key]
    if setting.is_switch:
        if not isinstance(value, bool):
            raise BadInput(f"{key} is on or off", hint="write true or false")
        return {str(setting.option.name): value}
    texts = _texts(key, value, document, many=setting.option.multiple)
    for text in texts:
        _check(setting.option, key, text)
    return {str(setting.option.name): texts if setting.option.multiple else texts[0]}


def _texts(key: str, value: object, document: Document, *, many: bool) -> list[str]:
    """What is written for a setting, as the flag would be given it."""
    if many and isinstance(value, list):
        return [_text(key, (key, at), each, document) for at, each in enumerate(value)]
    return [_text(key, (key,), value, document)]


def _text(key: str, path: tuple[str | int, ...], value: object, document: Document) -> str:
    if value is None or isinstance(value, (dict, list)):
        raise BadInput(f"{key} needs a value", hint=f"write it in one line: {key}: …")
    return value if isinstance(value, str) else document.value_place(path).source


def _check(option: click.Option, key: str, text: str) -> None:
    try:
        option.type.convert(text, option, None)
    except click.BadParameter as error:
        raise BadInput(
            f"{key}: {error.message.rstrip('.')}", hint="see loadtui run --help"
        ) from None


def markdown() -> str:
    """The table of settings as the documentation shows it."""
    lines = ["| config.yaml | environment | flag | |", "|---|---|---|---|"]
    for each in settings():
        flag = max(each.option.opts, key=len)
        off = "".join(f" `{name}`" for name in each.option.secondary_opts)
        words = each.words.replace("|", "\\|")
        lines.append(f"| `{each.key}` | `{each.variable}` | `{flag}`{off} | {words} |")
    return "\n".join(lines) + "\n"
