from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from loadtui.demo.scenario import FAULTS, demo_scenario
from loadtui.model.request import RequestTemplate
from loadtui.model.scenario import FaultPreset
from loadtui.model.text import Variable
from loadtui.model.toxic import SPECS
from loadtui.scenario.load import load

SCENARIO = demo_scenario(target="http://127.0.0.1:3007", api_key="k-1")


def request(name: str) -> RequestTemplate:
    return next(each for each in SCENARIO.requests if each.name == name)


def fill_in(variable: Variable) -> str:
    return {"order_id": "o-1"}.get(variable.name, variable.kind)


def test_every_request_goes_to_the_target_with_the_key_and_an_id_of_its_own() -> None:
    for each in SCENARIO.requests:
        assert each.url.render(fill_in).startswith("http://127.0.0.1:3007/api/")
        headers = {name: text.render(fill_in) for name, text in each.headers}
        assert headers["x-api-key"] == "k-1"
        assert headers["x-request-id"] == "uuid"


def test_the_order_that_was_created_is_the_one_that_is_read() -> None:
    assert request("create_order").save == {"order_id": "id"}
    assert request("get_order").url.render(fill_in).endswith("/api/orders/o-1")


def test_an_order_is_json_and_counted_when_it_was_created() -> None:
    create = request("create_order")
    assert create.body is not None
    body = msgspec.json.decode(create.body.render(fill_in))
    assert sum(item["quantity"] * item["unitPrice"] for item in body["items"]) == 6000
    counted = create.count["order_created"]
    assert counted in [check.name for check in create.checks]


def test_a_virtual_user_thinks_before_anything_can_end_its_iteration() -> None:
    names = [each.name for each in SCENARIO.requests]
    saving = next(i for i, each in enumerate(SCENARIO.requests) if each.save)
    assert sum(each.think.low for each in SCENARIO.requests[:saving]) == 0.5
    assert sorted(names) == ["create_order", "get_order", "list_products"]


def test_the_key_is_a_secret() -> None:
    assert SCENARIO.secrets == ("k-1",)


@pytest.mark.parametrize("proxy", ["payments", "orders-db", "inventory"])
def test_each_dependency_offers_two_toxics_and_down(proxy: str) -> None:
    toxics = [fault.toxic for fault in FAULTS if fault.proxy == proxy]
    assert [toxic is None for toxic in toxics] == [False, False, True]
    for toxic in toxics:
        if toxic is not None:
            known = {spec.name for spec in SPECS[toxic.type].attributes}
            assert set(toxic.attributes) <= known


def test_the_shipped_file_says_the_same() -> None:
    path = Path(__file__).parents[2] / "scenarios" / "demo.yaml"
    shipped = load(path, env={})
    ours = demo_scenario()
    assert msgspec.structs.replace(shipped, faults=()) == msgspec.structs.replace(ours, faults=())
    # A file names a toxic by its key, the panel of the demo by its type.
    assert [named_by_type(fault) for fault in shipped.faults] == list(ours.faults)


def named_by_type(fault: FaultPreset) -> FaultPreset:
    if fault.toxic is None:
        return fault
    toxic = msgspec.structs.replace(fault.toxic, name=fault.toxic.type)
    return msgspec.structs.replace(fault, toxic=toxic)


def test_no_two_faults_of_a_proxy_share_a_row() -> None:
    rows = [(fault.proxy, fault.toxic.name if fault.toxic else "down") for fault in FAULTS]
    assert len(set(rows)) == len(rows) == 9
    assert len({fault.name for fault in FAULTS}) == 9
