"""The command line: words in, one clear message or an exit code out."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from loadtui import __version__
from loadtui.cli import actions
from loadtui.cli.examples import exemplify
from loadtui.cli.standard import let_go, stand_in
from loadtui.errors import BadInput, ExitCode, FileError, LoadtuiError
from loadtui.model.plain import printable

COMMANDS = {
    "completion": ("loadtui.cli.completion", "completion", "Let the shell complete words."),
    "demo": ("loadtui.cli.demo", "demo", "Load and break a small system with a real database."),
    "doctor": ("loadtui.cli.doctor", "doctor", "What works here, what does not, what to do."),
    "import": (
        "loadtui.cli.import_",
        "import_",
        "A scenario from curl, HAR, .http, k6, OpenAPI.",
    ),
    "init": ("loadtui.cli.init", "init", "Write a first scenario file."),
    "panic": ("loadtui.cli.panic", "panic", "From another shell: stop load, lift every fault."),
    "replay": ("loadtui.cli.replay", "replay", "Watch a session again, from its journal."),
    "run": ("loadtui.cli.run", "run", "Open a scenario file on the screen, or run it headless."),
    "schema": ("loadtui.cli.schema", "schema", "Print the JSON Schema of a scenario file."),
    "sessions": (
        "loadtui.cli.sessions",
        "sessions",
        "What was run here: list, name, tag, remove.",
    ),
    "toxiproxy": ("loadtui.cli.toxiproxy", "toxiproxy", "A Toxiproxy of its own, no install."),
    "url": ("loadtui.cli.url", "url", "Load one URL (the word `url` may be left out)."),
    "validate": (
        "loadtui.cli.validate",
        "validate",
        "Say what is wrong with scenario files; send nothing.",
    ),
}


CONFIGURED = frozenset({"demo", "run", "url"})
"""The commands that take all their defaults from config.yaml; replay takes those of looks."""
_LOOKS = frozenset({"theme", "charset", "mouse", "presenter", "record"})
_HELP = frozenset({"-h", "--help"})


class Commands(click.Group):
    """Loads a command's module only when it is asked for; a bare URL is the command `url`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(__import__(module, fromlist=[name]), name)
        exemplify(cmd_name, command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A first word that is no command is a file if it is there, else a URL if it looks so."""
        if args and args[0] not in COMMANDS and _is_file(args[0]):
            args = ["run", *args]
        if (
            args
            and args[0] not in COMMANDS
            and ("." in args[0] or ":" in args[0] or "/" in args[0])
        ):
            args = ["url", *args]
        name, command, rest = super().resolve_command(ctx, args)
        is_real = not ctx.resilient_parsing and not _HELP & {*rest}
        if is_real and (name in CONFIGURED or name == "replay"):
            ctx.default_map = {name: _defaults(None if name in CONFIGURED else _LOOKS)}
        return name, command, rest

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, without importing any of them, else the group's own flags."""
        found = [
            CompletionItem(name, help=COMMANDS[name][2])
            for name in COMMANDS
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """The list, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][2]) for name in COMMANDS])


def _defaults(only: frozenset[str] | None) -> dict[str, Any]:
    """What the operator's config.yaml gives, of these parameters; raises FileError."""
    from loadtui.cli.places import config_file

    path = config_file()
    if not path.exists():
        return {}
    from loadtui.cli.config import configured

    found = configured(path)
    return {name: found[name] for name in found if only is None or name in only}


def _is_file(word: str) -> bool:
    """Whether that names a scenario or a journey, `shop.py:buy`."""
    name = re.sub(r"(\.py):\w+\Z", r"\1", word)
    return name.endswith((".py", ".yaml", ".yml")) and Path(name).is_file()


@click.group(
    cls=Commands,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=(
        "\b\nExamples:\n"
        "  loadtui demo                      a system to try it on\n"
        "  loadtui http://127.0.0.1:8000     one request, idle until you press +\n"
        "  loadtui run scenario.yaml         a scenario, or a Python journey (shop.py:buy)\n"
        "  loadtui run --help                every flag of a run"
    ),
)
@click.version_option(__version__, prog_name="loadtui", message="%(prog)s %(version)s")
def commands() -> None:
    """Load a system by hand, break its network by hand, watch it respond."""


def main() -> None:
    """Run the command line and exit; every failure is a message, never a traceback."""
    stand_in()
    code = run(sys.argv[1:])
    let_go()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line; returns the exit code."""
    try:
        result = commands.main(arguments, prog_name="loadtui", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.format_message())
        return ExitCode.OK
    except click.ClickException as error:
        return _usage(error)
    except click.Abort:
        return ExitCode.INTERRUPTED
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except LoadtuiError as error:
        return _refused(error)
    except BrokenPipeError:
        return ExitCode.OK
    return int(result) if isinstance(result, int) else ExitCode.OK


def _refused(error: LoadtuiError) -> int:
    """Say what is wrong, every problem of a file on a line of its own."""
    if isinstance(error, FileError):
        lines, mark = error.problems, ""
    else:
        lines, mark = (str(error),), "loadtui: "
    for line in lines:
        _say(f"{mark}{line}")
    if actions.is_on():
        actions.tell_problems(lines)
    return error.exit_code


def _say(text: str) -> None:
    """Lines on stderr; what names of files and servers would do to a terminal is only shown."""
    click.echo("\n".join(map(printable, text.split("\n"))), err=True)


def _variable(error: click.ClickException) -> str:
    """The environment variable that a refused value came from, "" where it was a flag."""
    if not isinstance(error, click.BadParameter) or error.param is None or error.ctx is None:
        return ""
    source = error.ctx.get_parameter_source(str(error.param.name))
    names = error.param.envvar if source is ParameterSource.ENVIRONMENT else ""
    return names if isinstance(names, str) else ""


def _usage(error: click.ClickException) -> int:
    where = getattr(error, "ctx", None)
    path = where.command_path if where is not None else "loadtui"
    text = " ".join(error.format_message().split())
    if variable := _variable(error):
        text = f"{text.rstrip('.')} (from {variable})"
    _say(f"loadtui: {text.rstrip('.')}; see {path} --help")
    return BadInput.exit_code
