"""`loadtui init`: a first scenario file, with a word on every part."""

from __future__ import annotations

from pathlib import Path

import click

from loadtui.errors import BadInput
from loadtui.model.plain import printable
from loadtui.scenario.url import base

DEMO = "http://127.0.0.1:3000"
"""Where `loadtui demo --serve` serves."""

_TEXT = """\
# yaml-language-server: $schema=loadtui.schema.json
# (loadtui schema > loadtui.schema.json lets an editor complete and check this file)
name: {name}
target: ${{BASE_URL:-{target}}}
headers:
  accept: application/json
  # authorization: Bearer ${{TOKEN}}
requests:                                   # one iteration, in order
  - name: {request}
    url: {url}
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
@click.option("--target", metavar="URL", help="What to load (else the demo's orders system).")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def init(*, file: Path, target: str | None, force: bool) -> int:
    """Write a small scenario to FILE (scenario.yaml), to run and to change."""
    request, url = ("health", "/health") if target is None else ("home", "/")
    where = base(DEMO if target is None else target)
    text = _TEXT.format(name=_name(file), target=where, request=request, url=url)
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
    first = "in another terminal:  loadtui demo --serve   and then:  " if target is None else ""
    click.echo(f"{shown}: try it:  {first}loadtui run {shown} --start", err=True)
    return 0


def _name(file: Path) -> str:
    plain = "".join(each if each.isalnum() or each in "-_" else "-" for each in file.stem)
    return plain.strip("-") or "scenario"
