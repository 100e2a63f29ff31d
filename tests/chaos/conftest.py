from __future__ import annotations

from collections.abc import Iterator

import pytest

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
