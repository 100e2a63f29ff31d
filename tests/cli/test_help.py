"""The help of every command: examples that parse, and nothing that reads badly."""

from __future__ import annotations

import os
import resource
import shlex
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from loadtui.cli.examples import EXAMPLES
from loadtui.cli.main import COMMANDS, commands


def every() -> Iterator[tuple[str, click.Command]]:
    """Every command by its words, those below others too."""
    context = click.Context(commands, info_name="loadtui")
    for name in COMMANDS:
        command = commands.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            for below in command.commands.values():
                yield f"{name} {below.name}", below


ALL = dict(every())


def test_every_command_has_examples_and_there_are_no_others() -> None:
    assert set(EXAMPLES) == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_help_has_words_and_examples(name: str) -> None:
    command = ALL[name]
    text = command.get_help(click.Context(command, info_name=f"loadtui {name}"))
    assert command.help
    assert "\n  Examples:\n" in text
    for line in EXAMPLES[name]:
        assert f"    {line}\n" in f"{text}\n"
    assert "\b" not in text
    assert "\\b" not in text


@pytest.mark.parametrize("line", [line for name in EXAMPLES for line in EXAMPLES[name]])
def test_every_example_parses(line: str) -> None:
    inner = line.removeprefix('eval "$(').removesuffix(')"')
    words = shlex.split(inner.partition(" > ")[0])
    assert words.pop(0) == "loadtui"
    context: click.Context = commands.make_context("loadtui", list(words))
    command: click.Command = commands
    while isinstance(command, click.Group) and words:
        name, found, words = command.resolve_command(context, words)
        assert found is not None
        command = found
        context = command.make_context(name, list(words), parent=context)
        words = [] if not isinstance(command, click.Group) else words
        if isinstance(command, click.Group) and (not words or words[0].startswith("-")):
            break


def test_help_takes_little() -> None:
    # Coverage would measure the child, too, and make it four times as slow.
    env = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE")}
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "loadtui", "--help"],
            env=env,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.15, f"{min(spent):.3f} s of CPU"
