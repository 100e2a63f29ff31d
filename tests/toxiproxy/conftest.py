"""What the server says, for tests that run parts of it in this process."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

import pytest

Said = Callable[[], list[dict[str, object]]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[Said]:
    """Give the lines of the log so far, once it is set up; put logging back afterwards."""
    log = logging.getLogger("loadtui.toxiproxy")
    before = log.handlers[:], log.propagate, log.level
    yield lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    log.handlers[:], log.propagate = before[:2]
    log.setLevel(before[2])
