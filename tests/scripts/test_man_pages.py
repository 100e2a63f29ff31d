"""What the man pages are made from: every command, with its words and examples."""

from __future__ import annotations

import click

from loadtui.cli.examples import EXAMPLES
from loadtui.cli.main import COMMANDS
from scripts.man_pages import whole


def test_every_command_is_there_with_its_examples() -> None:
    group = whole()
    assert list(group.commands) == list(COMMANDS)
    for name, command in group.commands.items():
        assert command.short_help == COMMANDS[name][2]
        assert command.help is not None
        for line in EXAMPLES[name]:
            assert f"\n\n{line}" in command.help


def test_commands_below_others_are_there_too() -> None:
    sessions = whole().commands["sessions"]
    assert isinstance(sessions, click.Group)
    help_of_prune = sessions.commands["prune"].help
    assert help_of_prune is not None
    assert help_of_prune.endswith(EXAMPLES["sessions prune"][0])
