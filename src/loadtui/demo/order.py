"""An order as a customer sends it and as the API knows it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from loadtui.errors import BadInput

# PostgreSQL keeps no text with a NUL in it.
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern="^[^\0]+$")]


class Item(msgspec.Struct, frozen=True, rename="camel"):
    """One line of an order; `unit_price` in cents."""

    product_id: _Name
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    unit_price: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]


class Order(msgspec.Struct, frozen=True, rename="camel"):
    """What a customer asks for: 1 to 100 lines."""

    customer_id: _Name
    items: Annotated[tuple[Item, ...], msgspec.Meta(min_length=1, max_length=100)]

    @property
    def total(self) -> int:
        """The price of all lines, in cents."""
        return sum(item.quantity * item.unit_price for item in self.items)

    @property
    def quantities(self) -> tuple[tuple[str, int], ...]:
        """What to reserve: product and number, line by line."""
        return tuple((item.product_id, item.quantity) for item in self.items)


class Placed(msgspec.Struct, frozen=True, rename="camel"):
    """The answer to an order: its id, its price in cents, and what payments said."""

    id: str
    total: int
    payment_id: str
    status: str = "placed"


_decoder = msgspec.json.Decoder(Order)


def read_order(body: bytes) -> Order:
    """Decode and check a request's body; raises BadInput that names the field."""
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"this is no order: {error}") from None
