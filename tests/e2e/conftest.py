"""What end-to-end tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.strangers import somebodys_server
from tests.support.real import require_real
from tests.support.toxiproxy_server import RealServer


@pytest.fixture
def strangers() -> Iterator[RealServer]:
    """Somebody's Toxiproxy."""
    require_real("tmux")
    with somebodys_server() as server:
        yield server
