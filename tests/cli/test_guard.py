from __future__ import annotations

import msgspec
import pytest

from loadtui.cli.guard import check_targets, with_flags
from loadtui.errors import TargetRefused
from loadtui.model.request import RequestTemplate
from loadtui.model.scenario import Scenario, Tls
from loadtui.model.text import constant
from loadtui.session.targets import hosts_of


def scenario(url: str) -> Scenario:
    return Scenario(
        name="a", target=url, requests=(RequestTemplate(name="a", url=constant(f"{url}/a")),)
    )


def test_a_unix_socket_is_on_this_machine() -> None:
    def never(host: str) -> list[str]:
        raise AssertionError(host)

    here = scenario("http+unix://%2Frun%2FApp.sock")
    assert hosts_of(here) == []
    check_targets(here, [], lookup=never)


def test_a_name_is_judged_by_where_it_leads() -> None:
    with pytest.raises(TargetRefused, match=r"localhost \(192\.0\.2\.1\)"):
        check_targets(scenario("http://localhost"), [], lookup=lambda _: ["192.0.2.1"])


@pytest.mark.parametrize(
    ("verify", "insecure", "verifies"),
    [(True, False, True), (True, True, False), (False, False, False)],
)
def test_a_flag_can_only_weaken_the_file(verify: bool, insecure: bool, verifies: bool) -> None:
    before = msgspec.structs.replace(scenario("https://127.0.0.1"), tls=Tls(verify=verify))
    after = with_flags(before, allow=(), max_vus=None, duration=None, insecure=insecure)
    assert after.tls.verify is verifies
