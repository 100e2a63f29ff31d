"""A proxy as a client asks for it."""

from __future__ import annotations

import msgspec


class Wanted(msgspec.Struct, frozen=True):
    """What a body says, and otherwise what the original assumes."""

    name: str = ""
    listen: str = ""
    upstream: str = ""
    enabled: bool = True
