"""toxiproxy-python through every call it has, and what it makes of errors."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator

import pytest
import requests
import toxiproxy
from toxiproxy import api, exceptions

from tests.support.toxiproxy_pair import HOST, Toxi
from tests.support.toxiproxy_server import free_port


@pytest.fixture
def client(server: Toxi, monkeypatch: pytest.MonkeyPatch) -> Iterator[toxiproxy.Toxiproxy]:
    """Give the client, pointed at the server; where it points is global to the process."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    # loadtui puts a sender of its own there, for the whole process: these calls are the package's.
    monkeypatch.setattr(api, "requests", requests)
    before = api.APIConsumer.host, api.APIConsumer.port
    found = toxiproxy.Toxiproxy()
    found.update_api_consumer(HOST, server.port)
    yield found
    api.APIConsumer.host, api.APIConsumer.port = before


@pytest.fixture
def proxy(client: toxiproxy.Toxiproxy) -> toxiproxy.Proxy:
    """Give a proxy made by the client."""
    return client.create(upstream=f"{HOST}:{free_port()}", name="p")


def reachable(proxy: toxiproxy.Proxy) -> bool:
    """Does anybody listen there?"""
    host, _, port = proxy.listen.rpartition(":")
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((host, int(port))) == 0


def test_running(client: toxiproxy.Toxiproxy) -> None:
    assert client.running() is True


def test_not_running(client: toxiproxy.Toxiproxy) -> None:
    client.update_api_consumer(HOST, free_port())
    assert client.running() is False
    assert client.version() is None


def test_version(client: toxiproxy.Toxiproxy) -> None:
    assert json.loads(client.version()) == {"version": "2.12.0"}


def test_create_with_defaults(client: toxiproxy.Toxiproxy) -> None:
    made = client.create(upstream="localhost:3306", name="mysql")
    assert (made.name, made.upstream, made.enabled) == ("mysql", "localhost:3306", True)
    assert made.listen.startswith("127.0.0.1:")
    assert reachable(made)


def test_create_with_everything(client: toxiproxy.Toxiproxy) -> None:
    listen = f"{HOST}:{free_port()}"
    made = client.create("localhost:3306", "mysql", listen=listen, enabled=False)
    assert (made.listen, made.enabled) == (listen, False)
    assert not reachable(made)


def test_create_twice(client: toxiproxy.Toxiproxy, proxy: toxiproxy.Proxy) -> None:
    with pytest.raises(exceptions.ProxyExists):
        client.create(upstream=proxy.upstream, name=proxy.name)


def test_create_on_a_port_in_use(client: toxiproxy.Toxiproxy, proxy: toxiproxy.Proxy) -> None:
    with pytest.raises(KeyError, match="name"):
        client.create(upstream=proxy.upstream, name="q", listen=proxy.listen)


def test_proxies_and_get_proxy(client: toxiproxy.Toxiproxy, proxy: toxiproxy.Proxy) -> None:
    assert list(client.proxies()) == ["p"]
    found = client.get_proxy("p")
    assert (found.name, found.listen, found.upstream, found.enabled) == (
        "p",
        proxy.listen,
        proxy.upstream,
        True,
    )
    assert client.get_proxy("none") is None


def test_destroy(client: toxiproxy.Toxiproxy, proxy: toxiproxy.Proxy) -> None:
    assert client.destroy(proxy) is True
    assert client.proxies() == {}
    assert not reachable(proxy)
    with pytest.raises(exceptions.NotFound):
        proxy.destroy()


def test_destroy_of_a_mere_name(client: toxiproxy.Toxiproxy, proxy: toxiproxy.Proxy) -> None:
    assert client.destroy(proxy.name) is False
    assert list(client.proxies()) == ["p"]


def test_destroy_all(client: toxiproxy.Toxiproxy) -> None:
    for name in "abc":
        client.create(upstream="localhost:1", name=name)
    client.destroy_all()
    assert client.proxies() == {}


def test_populate(client: toxiproxy.Toxiproxy) -> None:
    one = {"name": "a", "upstream": "localhost:1", "listen": f"{HOST}:{free_port()}"}
    other = {"name": "b", "upstream": "localhost:2", "listen": f"{HOST}:{free_port()}"}
    assert [made.name for made in client.populate([one, other])] == ["a", "b"]
    assert client.populate([one, other]) == []
    assert [made.upstream for made in client.populate([one | {"upstream": "u:3"}])] == ["u:3"]
    assert client.get_proxy("b").upstream == "localhost:2"


def test_reset(client: toxiproxy.Toxiproxy, proxy: toxiproxy.Proxy) -> None:
    proxy.add_toxic(type="latency", attributes={"latency": 5})
    proxy.disable()
    assert client.reset() is True
    assert client.get_proxy("p").enabled is True
    assert proxy.toxics() == {}


def test_disable_and_enable(client: toxiproxy.Toxiproxy, proxy: toxiproxy.Proxy) -> None:
    proxy.disable()
    assert (proxy.enabled, client.get_proxy("p").enabled, reachable(proxy)) == (False, False, False)
    proxy.enable()
    assert (proxy.enabled, client.get_proxy("p").enabled, reachable(proxy)) == (True, True, True)


def test_down(proxy: toxiproxy.Proxy) -> None:
    with proxy.down():
        assert not reachable(proxy)
    assert reachable(proxy)


def test_enable_of_none(client: toxiproxy.Toxiproxy, proxy: toxiproxy.Proxy) -> None:
    client.destroy(proxy)
    with pytest.raises(exceptions.NotFound, match="proxy not found"):
        proxy.enable()


def test_add_toxic_with_defaults(proxy: toxiproxy.Proxy) -> None:
    proxy.add_toxic(type="latency")
    found = proxy.get_toxic("latency_downstream")
    assert (found.type, found.stream, found.toxicity) == ("latency", "downstream", 1)
    assert found.attributes == {"latency": 0, "jitter": 0}


def test_add_toxic_with_everything(proxy: toxiproxy.Proxy) -> None:
    proxy.add_toxic(
        type="bandwidth",
        name="thin",
        stream="upstream",
        toxicity=0.25,
        attributes={"rate": 100},
    )
    assert list(proxy.toxics()) == ["thin"]
    found = proxy.get_toxic("thin")
    assert (found.stream, found.toxicity, found.attributes) == ("upstream", 0.25, {"rate": 100})


@pytest.mark.parametrize("type", ["latency", "slow_close", "timeout", "reset_peer", "noop"])
def test_types_that_clients_create_without_attributes(proxy: toxiproxy.Proxy, type: str) -> None:
    proxy.add_toxic(type=type)
    assert proxy.get_toxic(f"{type}_downstream").type == type


def test_get_toxic_of_none(proxy: toxiproxy.Proxy) -> None:
    assert proxy.get_toxic("none") is None


def test_destroy_toxic(proxy: toxiproxy.Proxy) -> None:
    proxy.add_toxic(type="noop")
    assert proxy.destroy_toxic("noop_downstream") is True
    assert proxy.toxics() == {}
    with pytest.raises(exceptions.NotFound, match="toxic not found"):
        proxy.destroy_toxic("noop_downstream")


def test_an_invalid_type(proxy: toxiproxy.Proxy) -> None:
    with pytest.raises(exceptions.InvalidToxic, match="invalid toxic type"):
        proxy.add_toxic(type="down")


def test_an_invalid_stream(proxy: toxiproxy.Proxy) -> None:
    with pytest.raises(exceptions.InvalidToxic, match="stream was invalid"):
        proxy.add_toxic(type="noop", stream="sideways")


def test_a_toxic_twice(proxy: toxiproxy.Proxy) -> None:
    proxy.add_toxic(type="noop")
    with pytest.raises(exceptions.ProxyExists, match="toxic already exists"):
        proxy.add_toxic(type="noop")


def test_the_bare_consumer(client: toxiproxy.Toxiproxy, proxy: toxiproxy.Proxy) -> None:
    assert api.APIConsumer.get("/proxies/p").json()["name"] == "p"
    made = api.APIConsumer.post("/proxies/p/toxics", json={"type": "noop"})
    assert (made.status_code, made.json()["name"]) == (200, "noop_downstream")
    changed = api.APIConsumer.post("/proxies/p/toxics/noop_downstream", data='{"toxicity":0.5}')
    assert changed.json()["toxicity"] == 0.5
    assert api.APIConsumer.delete("/proxies/p/toxics/noop_downstream").status_code == 204


def test_latency_is_felt(client: toxiproxy.Toxiproxy) -> None:
    with socket.create_server((HOST, 0)) as behind:
        made = client.create(upstream=f"{HOST}:{behind.getsockname()[1]}", name="slow")
        made.add_toxic(type="latency", attributes={"latency": 150})
        host, _, port = made.listen.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=5) as end:
            peer, _ = behind.accept()
            with peer:
                began = time.monotonic()
                peer.sendall(b"x")
                assert end.recv(1) == b"x"
                assert 0.135 <= time.monotonic() - began <= 0.4
