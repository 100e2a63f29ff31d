"""A scenario with faults at times of their own, before somebody's Toxiproxy."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.strangers import proxies
from tests.support.toxiproxy_server import RealServer, free_port

SCENARIO = """
name: timed
target: http://{target}
requests: [{{url: /, think: 20ms}}]
load: {{vus: 2, duration: {lasts}, gracefulStop: 1s}}
chaos:
  toxiproxy: {url}
  proxies: {{mine: {{listen: "{mine}", upstream: "{upstream}"}}}}
  faults:
    {faults}
"""


def timed(home: Path, server: RealServer, faults: str, *, lasts: str = "7s") -> str:
    """A scenario whose load goes through a proxy of its own to what alpha stands before."""
    mine = f"127.0.0.1:{free_port()}"
    text = SCENARIO.format(
        target=mine,
        mine=mine,
        lasts=lasts,
        url=server.url,
        upstream=proxies(server)["alpha"]["upstream"],
        faults=faults,
    )
    (home / "s.yaml").write_text(text, encoding="utf-8")
    return "s.yaml"
