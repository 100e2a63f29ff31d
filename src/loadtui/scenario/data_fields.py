"""What may be written under `data:` (pure)."""

from __future__ import annotations

import re
from typing import Annotated

from loadtui.errors import BadInput
from loadtui.model.data import AtEnd, Pick
from loadtui.scenario.fields import choice, field, text

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def data_name(value: object) -> str:
    """A name for `data:`."""
    name = text(value)
    if _NAME.fullmatch(name) is None:
        raise BadInput(f"{name!r} is not a name", hint="use letters, digits and _")
    return name


DataName = Annotated[str, field(data_name)]
DataPick = Annotated[Pick, field(choice(in_order=True, random=True, unique=True))]
DataEnd = Annotated[AtEnd, field(choice(recycle=True, stop=True, fail=True))]
