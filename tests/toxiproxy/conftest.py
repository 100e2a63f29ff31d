"""What tests share that run parts of the server in this process."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from loadtui.toxiproxy.collection import Collection
from loadtui.toxiproxy.settings import Settings

Said = Callable[[], list[dict[str, object]]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[Said]:
    """Give the lines of the log so far, once it is set up; put logging back afterwards."""
    log = logging.getLogger("loadtui.toxiproxy")
    before = log.handlers[:], log.propagate, log.level
    yield lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    log.handlers[:], log.propagate = before[:2]
    log.setLevel(before[2])


@pytest.fixture
async def collection() -> AsyncIterator[Collection]:
    """Give an empty collection; its proxies are stopped afterwards."""
    made = Collection(Settings())
    yield made
    made.close()
