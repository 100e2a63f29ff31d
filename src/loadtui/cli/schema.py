"""`loadtui schema`: what a scenario file may hold, for editors."""

from __future__ import annotations

import json

import click

from loadtui.scenario.json_schema import json_schema


@click.command()
def schema() -> int:
    """Print the JSON Schema of a scenario file.

    loadtui schema > loadtui.schema.json; an editor with the YAML language server then completes
    and checks every file whose first line is
    # yaml-language-server: $schema=loadtui.schema.json
    """
    click.echo(json.dumps(json_schema(), indent=2))
    return 0
