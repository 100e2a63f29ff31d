"""The values of `load:` and `scenarios:` that nothing else of the file has (pure)."""

from __future__ import annotations

import re
from typing import Annotated

from loadtui.errors import BadInput
from loadtui.model.profile import profile
from loadtui.scenario.fields import Refused, choice, field, kind_of, text

_ENTRY_NAME = re.compile(r"[0-9A-Za-z_-]+", re.ASCII)


def entry_name(value: object) -> str:
    """A name that k6 accepts as well."""
    name = text(value)
    if _ENTRY_NAME.fullmatch(name) is None:
        raise BadInput(f"{name!r} is not a name", hint="use letters, digits, _ and - (as k6)")
    return name


def stage_of(value: object) -> object:
    """`2m:50` as the mapping that it stands for; a mapping as it is."""
    if isinstance(value, dict):
        return value
    hint = "write 2m:50, time and target"
    if not isinstance(value, str):
        raise Refused(BadInput(f"a stage cannot be {kind_of(value)}", hint=hint))
    lasts, colon, aim = value.rpartition(":")
    if not colon:
        raise Refused(BadInput(f"{str(value)!r} is no stage", hint=hint))
    return {"duration": lasts.strip(), "target": int(aim) if aim.strip().isdecimal() else aim}


def _profile_name(value: object) -> str:
    return profile(text(value).strip()).name


ProfileName = Annotated[str, field(_profile_name)]
ExecutorName = Annotated[
    str,
    field(
        choice(
            constant_vus=True,
            ramping_vus=True,
            constant_arrival_rate=True,
            ramping_arrival_rate=True,
            shared_iterations=True,
            per_vu_iterations=True,
            manual=True,
            externally_controlled=False,
        )
    ),
]
EntryName = Annotated[str, field(entry_name)]
