from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.chaos.toxiproxy import Toxiproxy
from tests.support.faulty_session import PAYMENTS
from tests.support.killed_session import Start, sessions
from tests.support.toxiproxy_server import KINDS, Kind, RealServer, let_start, real_server


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[RealServer]:
    """Give a server of this test's own: the original, and the embedded one standalone."""
    with real_server(kind=request.param) as running:
        yield running


@pytest.fixture(params=KINDS)
def starts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """Let a session that starts a server of its own start this kind."""
    kind: Kind = request.param
    let_start(kind, monkeypatch.setattr)
    return kind


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give the state directory of this test's sessions."""
    return tmp_path / "state"


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Start sessions in one state directory; all are ended."""
    with sessions(home) as start:
        yield start


@pytest.fixture
def theirs(server: RealServer) -> Toxiproxy:
    """Somebody else's server, with a proxy and a toxic of theirs."""
    client = Toxiproxy(server.url)
    client.create(PAYMENTS)
    return client
