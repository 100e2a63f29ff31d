"""What every tool is asked to do, in its own words: a request, how many VUs, what think time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["get", "post", "journey"]

FOREVER = 600.0
"""How long a tool is told to run that is ended from outside."""

ORDER = (
    '{"customerId":"cust-123","items":[{"productId":"prod-1","quantity":2,"unitPrice":1500},'
    '{"productId":"prod-2","quantity":1,"unitPrice":3000}]}'
)
"""The body that the orders script posts."""


@dataclass(frozen=True)
class Job:
    """`get`: a plain GET whose answer nobody looks at. `post`: an order, with two headers, one of
    them fresh for each request, and two checks, one of them on parsed JSON. `journey`: that order
    by a script of ours.

    `think`: seconds after each request. `seconds`: after which the tool ends by itself.
    """

    kind: Kind
    vus: int = 64
    think: float = 0.0
    seconds: float = FOREVER

    @property
    def is_bounded(self) -> bool:
        """Whether the tool ends by itself, and then reports."""
        return self.seconds < FOREVER
