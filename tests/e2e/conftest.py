"""What end-to-end tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.strangers import somebodys_server
from tests.support.real import require_real
from tests.support.toxiproxy_server import KINDS, RealServer


@pytest.fixture(params=KINDS)
def strangers(request: pytest.FixtureRequest) -> Iterator[RealServer]:
    """Somebody's Toxiproxy, of either kind."""
    require_real("tmux")
    with somebodys_server(request.param) as server:
        yield server
