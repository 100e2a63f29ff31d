from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color

from loadtui.tui.hiding import HidingFilter, hidden, pattern

PRESENTING = re.compile(pattern((), presenting=True, places=("/data/me", "shop")), re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at http://me:pw@10.0.0.7:80/x now", f"at {'•' * 26} now"),
        ("10.1.2.3:8474 refused", "••••••••••••• refused"),
        ("from [::1]:99", "from ••••••••"),
        ("api.example.com:443", "•••••••••••••••••••"),
        ("me:s3cret@db.internal", "•••••••••••••••••••••"),
        ("see /srv/me/run.yaml, please", "see ••••••••••••••••, please"),
        ("see ~/run.yaml", "see ••••••••••"),
        ("/data/me/a.log", "••••••••••••••"),
        ("the shop is slow", "the •••• is slow"),
    ],
)
def test_addresses_and_paths_are_dots_as_wide_as_they_are(text: str, shown: str) -> None:
    assert hidden(text, PRESENTING) == shown


@pytest.mark.parametrize(
    "text",
    [
        "00:01:52",
        "lifts in 0:28",
        "GET /orders/1",
        "p(95)<500  fails at 565 ms",
        "toxiproxy 2.12.0 :8474 (ours)",
        "http_req_failed rate<0.01",
        "−120 s · 1 439 req/s · 0.3 %",
        "12 conn    84 kB/s",
    ],
)
def test_the_story_stays_legible(text: str) -> None:
    assert hidden(text, PRESENTING) == text


def test_secrets_are_hidden_always_even_where_colours_change_within() -> None:
    hiding = HidingFilter(("s3cr3t", "ab"), Path("/srv/me"), Path("/"))
    segments = [Segment("token s3"), Segment("cr3t, about")]
    shown = hiding.apply(segments, Color(0, 0, 0))
    assert [each.text for each in shown] == ["token ••", "••••, about"]


def test_without_secrets_nothing_is_looked_at_until_somebody_presents() -> None:
    hiding = HidingFilter((), Path("/srv/me"), Path("/"))
    enabled = [hiding.enabled]
    for on in (True, False):
        hiding.presenting(on=on, hosts=())
        enabled.append(hiding.enabled)
    assert enabled == [False, True, False]
