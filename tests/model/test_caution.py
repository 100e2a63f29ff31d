from __future__ import annotations

import msgspec

from loadtui.model.caution import cautions
from loadtui.model.scenario import Scenario, Tls

PLAIN = Scenario(name="a", target="http://127.0.0.1", requests=())


def test_a_plain_run_needs_no_caution() -> None:
    assert list(cautions(PLAIN)) == []


def test_unverified_servers_and_a_costly_client_are_said() -> None:
    weak = msgspec.structs.replace(PLAIN, tls=Tls(verify=False), client="httpx")
    assert [each.what for each in cautions(weak)] == ["TLS IS NOT VERIFIED", "client is httpx"]
