"""Both servers for every case: the original 2.12.0 and the embedded one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.toxiproxy_pair import KINDS, Kind, Toxi, start


@pytest.fixture(scope="session", params=KINDS)
def running(request: pytest.FixtureRequest) -> Iterator[Toxi]:
    """Give a server of each kind, one for the whole session."""
    with start(request.param) as server:
        yield server


@pytest.fixture
def server(running: Toxi) -> Iterator[Toxi]:
    """Give the session's server, empty."""
    yield running
    running.tidy()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Name each kind, for a test that starts a server of its own."""
    found: Kind = request.param
    return found
