from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.toxiproxy_server import RealServer, real_server


@pytest.fixture
def server() -> Iterator[RealServer]:
    """Give a real toxiproxy-server of this test's own."""
    with real_server() as running:
        yield running
