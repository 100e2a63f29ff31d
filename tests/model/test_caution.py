from __future__ import annotations

import msgspec

from loadtui.model.caution import cautions
from loadtui.model.executor import ConstantVus, Entry
from loadtui.model.scenario import FaultPreset, Scenario, Tls

PLAIN = Scenario(name="a", target="http://127.0.0.1", requests=())


def test_a_plain_run_needs_no_caution() -> None:
    assert list(cautions(PLAIN)) == []


def test_unverified_servers_and_a_costly_client_are_said() -> None:
    weak = msgspec.structs.replace(PLAIN, tls=Tls(verify=False), client="httpx")
    assert [each.what for each in cautions(weak)] == ["TLS IS NOT VERIFIED", "client is httpx"]


def test_a_fault_without_load_after_it_is_told() -> None:
    plan = (Entry("default", ConstantVus(60.0, 1)),)
    early = FaultPreset("early", "db", at=10.0, lasts=10.0)
    faults = (
        early,
        FaultPreset("late", "db", at=40.0, lasts=16.4),
        FaultPreset("open", "db", at=50.0),
    )
    found = list(cautions(msgspec.structs.replace(PLAIN, scenarios=plan, faults=faults)))
    left = "of the plan is left after it, so its recovery may not be seen"
    assert [tuple(each) for each in found] == [
        ("late ends with the plan", f"3.6s {left}"),
        ("open ends with the plan", f"nothing {left}"),
    ]
