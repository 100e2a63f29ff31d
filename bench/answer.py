"""What both servers answer: an order of some 200 bytes."""

from __future__ import annotations

BODY = (
    '{"id": "A-7", "state": "open", "customer": "cust-123", "total": 6000, "currency": "EUR",'
    ' "items": [{"product": "prod-1", "quantity": 2, "price": 1500},'
    ' {"product": "prod-2", "quantity": 1, "price": 3000}]}'
)
