"""Runs under profiles: one, or several that go on while each before has passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import click
import msgspec

from loadtui.cli.launch import Flags, has_terminal, launch
from loadtui.cli.results import check, for_run
from loadtui.errors import BadInput, ExitCode
from loadtui.model.profile import Profile, with_profile
from loadtui.model.scenario import Scenario

_DESCRIBE_A_LOAD = {
    "vus": "--vus",
    "duration": "--duration",
    "iterations": "--iterations",
    "stages": "--stage",
}


def launch_each(scenario: Scenario, profiles: Sequence[Profile], flags: Mapping[str, Any]) -> int:
    """Run the scenario under each profile in turn, without any as it is; returns the exit code.

    The first run that does not pass is the last. Of several, each writes files of its own. Raises
    BadInput before the first one for flags that do not go together.
    """
    if not profiles:
        return launch(scenario, Flags(**flags))
    _check(profiles, flags)
    runs = [with_profile(scenario, each) for each in profiles]
    if len(runs) == 1:
        return launch(runs[0], Flags(**flags))
    names = _named(profiles)
    each_flags = [Flags(**for_run(flags, name)) for name in names]
    for own in each_flags:
        check(own.wanted)
    return _in_turn(runs, names, each_flags)


def _in_turn(runs: Sequence[Scenario], names: Sequence[str], flags: Sequence[Flags]) -> int:
    code = int(ExitCode.OK)
    for place, (each, name, own) in enumerate(zip(runs, names, flags, strict=True), start=1):
        files = ", ".join(str(path) for path in own.wanted.paths())
        words = f"── {each.profile} ({place} of {len(runs)})"
        click.echo(f"{words}, into {files}" if files else words, err=True)
        code = launch(each, own)
        left = ", ".join(names[place:])
        if code != ExitCode.OK and left:
            click.echo(f"loadtui: {name} did not pass; not run: {left}", err=True)
        if code != ExitCode.OK:
            break
    return code


def _named(profiles: Sequence[Profile]) -> list[str]:
    """A name of its own for each run: one that comes again is smoke-2."""
    seen: Counter[str] = Counter()
    names = []
    for each in profiles:
        seen[each.name] += 1
        again = f"-{seen[each.name]}" if seen[each.name] > 1 else ""
        names.append(f"{each.name}{again}")
    return names


def tagged(scenario: Scenario, tags: Sequence[tuple[str, str]]) -> Scenario:
    """The scenario with tags on every sample, over its own."""
    return msgspec.structs.replace(scenario, tags={**scenario.tags, **dict(tags)})


def _check(profiles: Sequence[Profile], flags: Mapping[str, Any]) -> None:
    for name, flag in _DESCRIBE_A_LOAD.items():
        if flags[name] not in (None, ()):
            raise BadInput(f"--profile and {flag} both say how much", hint="leave one of them out")
    if len(profiles) > 1 and not flags["headless"] and has_terminal():
        hint = "add --headless, or name one profile"
        raise BadInput("several profiles run one after the other without a screen", hint=hint)
