"""`loadtui init`: a first scenario file, with a word on every part."""

from __future__ import annotations

from pathlib import Path

import click

from loadtui.errors import BadInput
from loadtui.model.plain import printable
from loadtui.scenario.url import base

_TEXT = """\
# yaml-language-server: $schema=loadtui.schema.json
# (loadtui schema > loadtui.schema.json lets an editor complete and check this file)
name: {name}
target: ${{BASE_URL:-{target}}}
headers:
  accept: application/json
  # authorization: Bearer ${{TOKEN}}
requests:                                   # one iteration, in order
  - name: home
    url: /
    checks:
      status is 200: {{status: 200}}
    think: 1s                               # or 1s..3s
load:                                       # or {{profile: smoke}}, also load, stress, soak, spike
  stages: [10s:5, 20s:5, 5s:0]
thresholds:
  http_req_duration: [p(95)<500]
  http_req_failed: [rate<0.01]
  checks: [rate>0.99]
"""


@click.command()
@click.argument("file", type=click.Path(path_type=Path), default=Path("scenario.yaml"))
@click.option("--target", metavar="URL", default="http://127.0.0.1:3000", help="What to load.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def init(*, file: Path, target: str, force: bool) -> int:
    """Write a small scenario to FILE (scenario.yaml), to run and to change."""
    text = _TEXT.format(name=_name(file), target=base(target))
    shown = printable(str(file))
    try:
        with file.open("w" if force else "x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        hint = "name another file, or add --force"
        raise BadInput(f"{shown} is there already", hint=hint) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"{shown} cannot be written: {why}", hint="check the path") from None
    click.echo(f"{shown}: try it:  loadtui run {shown}", err=True)
    return 0


def _name(file: Path) -> str:
    plain = "".join(each if each.isalnum() or each in "-_" else "-" for each in file.stem)
    return plain.strip("-") or "scenario"
