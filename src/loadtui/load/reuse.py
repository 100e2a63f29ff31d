"""How long a VU keeps its connections (pure)."""

from __future__ import annotations

import math
from typing import NamedTuple

from loadtui.model.scenario import Reused


class Reuse(NamedTuple):
    """`connections`: for which span a connection serves again; `max_age`: seconds at most."""

    connections: Reused = "per-vu"
    max_age: float = math.inf


PER_VU = Reuse()
"""As browsers and most clients do: until somebody closes it."""
