"""What `--out` asks for, checked before anything starts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from loadtui.errors import BadInput
from loadtui.model.suggest import advice
from loadtui.outputs import target_url
from loadtui.outputs.target import KINDS, STDOUT, Target


def parse(text: str, env: Mapping[str, str], folder: Path, others: tuple[str, ...] = ()) -> Target:
    """Read `KIND[=PLACE]`; relative paths belong to `folder`; raises BadInput.

    `others`: kinds of output there are beside ours, for the advice.
    """
    word, _, place = text.partition("=")
    kind = next((each for each in KINDS if each == word), None)
    if kind is None:
        hint = advice(word, (*KINDS, *others))
        raise BadInput(f"--out: there is no output {word!r}", hint=hint)
    if kind not in {"json", "csv"}:
        return target_url.target(kind, place, env)
    place = place or STDOUT
    if place == STDOUT:
        return Target(kind, STDOUT)
    path = (folder / place).absolute()
    if path.is_dir():
        raise BadInput(f"--out {text}: {path} is a folder", hint=f"write {kind}=FILE")
    if not path.parent.is_dir():
        raise BadInput(f"--out {text}: there is no folder {path.parent}", hint="make it first")
    return Target(kind, str(path))


def targets(
    texts: tuple[str, ...], others: tuple[str, ...], env: Mapping[str, str], folder: Path
) -> tuple[Target, ...]:
    """All that `--out` asks for; raises BadInput, also where two would write to one place."""
    out: list[Target] = []
    for text in texts:
        target = parse(text, env, folder, others)
        if any(target.place == other.place for other in out):
            raise BadInput(
                f"--out {target.label}: another output writes there", hint="name another place"
            )
        out.append(target)
    return tuple(out)
