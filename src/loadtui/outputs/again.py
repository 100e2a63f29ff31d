"""What a database's HTTP answer means for a writer."""

from __future__ import annotations

import re

import httpx

SIGN_IN = frozenset({401, 403})
"""It does not know us, or not for this."""

_MAY_CHANGE = frozenset({*SIGN_IN, 404, 408, 425, 429})
"""Who signs us in, or routes to the database, may come back."""


def may_change(status: int) -> bool:
    """Whether another try may be taken where this one was not."""
    return status >= 500 or status in _MAY_CHANGE


def no_answer(error: httpx.HTTPError) -> str:
    """Why there was none, as what it does."""
    if isinstance(error, httpx.TimeoutException):
        return "does not answer in time"
    why = re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__
    return f"does not answer: {why}"


def said(reply: httpx.Response) -> str:
    """What the answer says, on one line."""
    return " ".join(reply.text.split())[:200] or reply.reason_phrase or "no reason given"


def is_unknown_form(reply: httpx.Response) -> bool:
    """Whether it refuses what was sent, rather than us or this moment."""
    return 400 <= reply.status_code < 500 and not may_change(reply.status_code)
