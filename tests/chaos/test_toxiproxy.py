from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from loadtui.chaos.toxiproxy import Toxiproxy, base_url
from loadtui.errors import BadInput, ControlError, ServerLost, ServerStuck
from loadtui.model.toxic import SPECS, Proxy, Toxic
from tests.support.scripted_server import answering, http, read_request, scripted_server, silent
from tests.support.toxiproxy_server import KINDS, Kind, RealServer, free_port, real_server

SLOW = Toxic("slow", "latency", "downstream", 0.33, {"latency": 2000, "jitter": 100})
TIGHT = Toxic("tight", "bandwidth", "upstream", 1.0, {"rate": 50})


@pytest.fixture
def client(server: RealServer) -> Toxiproxy:
    """Give the adapter of a real server."""
    return Toxiproxy(server.url)


def payments(*toxics: Toxic, enabled: bool = True) -> Proxy:
    """A proxy as an operator would ask for it; nothing listens at its upstream."""
    return Proxy("payments", f"localhost:{free_port()}", "127.0.0.1:1", enabled, toxics)


def test_the_version_is_read(client: Toxiproxy) -> None:
    assert client.version() == "2.12.0"


def test_a_created_proxy_listens_and_lists_its_toxics(client: Toxiproxy) -> None:
    asked = payments(TIGHT, SLOW)
    made = client.create(asked)
    host, _, port = made.listen.partition(":")
    socket.create_connection((host, int(port)), timeout=2).close()
    assert made.listen == asked.listen.replace("localhost", "127.0.0.1")
    assert made.toxics == (TIGHT, SLOW)
    assert client.proxies() == {"payments": made}


def test_a_proxy_without_an_address_listens_on_loopback_only(client: Toxiproxy) -> None:
    assert client.create(Proxy("a", "", "127.0.0.1:1")).listen.startswith("127.0.0.1:")


def test_a_disabled_proxy_is_created_disabled(client: Toxiproxy) -> None:
    assert client.create(payments(SLOW, enabled=False)).enabled is False
    assert client.proxy("payments").toxics == (SLOW,)


def test_a_name_that_exists_is_refused(client: Toxiproxy) -> None:
    client.create(payments())
    with pytest.raises(ControlError, match="409: proxy already exists"):
        client.create(payments())


def test_a_busy_port_is_refused_in_the_servers_words(client: Toxiproxy, server: RealServer) -> None:
    with pytest.raises(ControlError, match=r"500: .*address already in use"):
        client.create(Proxy("a", f"127.0.0.1:{server.port}", "127.0.0.1:1"))
    assert client.proxies() == {}


def test_a_proxy_whose_toxic_is_refused_does_not_stay(client: Toxiproxy) -> None:
    with pytest.raises(ControlError, match="400: invalid toxic type"):
        client.create(payments(SLOW, Toxic("odd", "no_such_type")))
    assert client.proxies() == {}


def test_delete_takes_the_proxy_away(client: Toxiproxy) -> None:
    client.create(payments(SLOW))
    client.delete("payments")
    assert client.proxies() == {}
    with pytest.raises(ControlError, match="404: proxy not found"):
        client.delete("payments")


def test_disable_and_enable_are_read_back(client: Toxiproxy) -> None:
    made = client.create(payments())
    assert client.set_enabled("payments", False).enabled is False
    host, _, port = made.listen.partition(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=2)
    assert client.set_enabled("payments", True) == made


def test_enable_on_a_port_taken_meanwhile_is_an_error(client: Toxiproxy) -> None:
    made = client.create(payments())
    client.set_enabled("payments", False)
    host, _, port = made.listen.partition(":")
    with (
        socket.create_server((host, int(port))),
        pytest.raises(ControlError, match=r"500: .*address already in use"),
    ):
        client.set_enabled("payments", True)
    assert client.proxy("payments").enabled is False


@pytest.mark.parametrize("kind", sorted(SPECS))
def test_every_known_type_is_added_changed_and_removed(client: Toxiproxy, kind: str) -> None:
    before = client.create(payments())
    toxic = Toxic("t", kind, "upstream", 1.0, SPECS[kind].defaults)
    assert client.add_toxic("payments", toxic).toxics == (toxic,)
    other = Toxic("t", kind, "upstream", 0.5, dict.fromkeys(toxic.attributes, 77))
    assert client.update_toxic("payments", other).toxics == (other,)
    assert client.remove_toxic("payments", "t") == before


def test_an_update_keeps_the_attributes_it_does_not_name(client: Toxiproxy) -> None:
    client.create(payments(SLOW))
    changed = Toxic("slow", "latency", "downstream", 0.33, {"latency": 5})
    toxic = client.update_toxic("payments", changed).toxic("slow")
    assert toxic is not None
    assert toxic.attributes == {"latency": 5, "jitter": 100}


def test_a_toxicity_that_32_bits_cannot_hold_is_still_the_one_asked_for(client: Toxiproxy) -> None:
    client.create(payments())
    toxic = Toxic("t", "latency", "downstream", 0.123456789, {"latency": 1})
    found = client.add_toxic("payments", toxic).toxic("t")
    assert found is not None
    assert found.toxicity == pytest.approx(0.123456789)


@pytest.mark.parametrize(
    ("toxic", "said"),
    [
        (Toxic("t", "latency", "downstream", 1.0, {"latecny": 5}), "asked for latecny 5"),
        (Toxic("t", "latency", "downstream", 1.0, {"latency": "five"}), "400: "),
        (Toxic("t", "no_such_type"), "400: invalid toxic type"),
        (Toxic("t", "latency", "sideways"), "400: stream was invalid"),
    ],
)
def test_a_toxic_that_is_not_in_force_as_asked_is_an_error(
    client: Toxiproxy, toxic: Toxic, said: str
) -> None:
    client.create(payments())
    with pytest.raises(ControlError, match=said):
        client.add_toxic("payments", toxic)


def test_a_second_toxic_of_the_name_is_refused(client: Toxiproxy) -> None:
    client.create(payments(SLOW))
    with pytest.raises(ControlError, match="409: toxic already exists"):
        client.add_toxic("payments", SLOW)


def test_what_is_not_there_cannot_be_changed(client: Toxiproxy) -> None:
    client.create(payments())
    calls: tuple[Callable[[], object], ...] = (
        lambda: client.proxy("nobody"),
        lambda: client.set_enabled("nobody", True),
        lambda: client.add_toxic("nobody", SLOW),
        lambda: client.update_toxic("payments", SLOW),
        lambda: client.remove_toxic("payments", "slow"),
    )
    for call in calls:
        with pytest.raises(ControlError, match=r"404: (proxy|toxic) not found"):
            call()


@pytest.mark.parametrize(
    "name", ["a?b#c", "100%", "%2F", "two words", "käse", "a&b=c;d:e@f+g", "..."]
)
def test_any_other_name_reaches_its_own_proxy_and_toxic(client: Toxiproxy, name: str) -> None:
    toxic = Toxic(name, "latency", "upstream", 1.0, {"latency": 1, "jitter": 0})
    client.create(Proxy(name, "", "127.0.0.1:1"))
    assert client.add_toxic(name, toxic).toxics == (toxic,)
    assert client.update_toxic(name, toxic).name == name
    assert client.set_enabled(name, False).enabled is False
    assert client.remove_toxic(name, name).toxics == ()
    client.delete(name)
    assert client.proxies() == {}


@pytest.mark.parametrize("name", ["a/b", "/", "", ".", ".."])
def test_a_name_that_could_never_be_deleted_is_refused_before_any_call(name: str) -> None:
    with scripted_server(silent) as server:
        client = Toxiproxy(server.url, timeout=0.5)
        bad = Toxic(name, "latency")
        calls: tuple[Callable[[], object], ...] = (
            lambda: client.create(Proxy(name, "", "127.0.0.1:1")),
            lambda: client.create(Proxy("fine", "", "127.0.0.1:1", toxics=(bad,))),
            lambda: client.add_toxic("fine", bad),
            lambda: client.delete(name),
        )
        for call in calls:
            with pytest.raises(ControlError, match=r"400: .*is no usable name"):
                call()
        assert server.connections == 0


def test_a_write_that_reads_otherwise_is_an_error() -> None:
    proxy = b'{"name":"p","listen":"a:1","upstream":"b:2","enabled":true,"toxics":[]}'
    with scripted_server(answering(http("200 OK", proxy))) as server:
        client = Toxiproxy(server.url)
        with pytest.raises(ControlError, match="p: asked for enabled False, the server says True"):
            client.set_enabled("p", False)
        with pytest.raises(ControlError, match="toxic slow is not there"):
            client.add_toxic("p", SLOW)
        with pytest.raises(ControlError, match="p is still there"):
            client.delete("p")


def test_a_delete_that_cannot_be_read_back_is_an_error() -> None:
    script = answering(http("204 No Content"), http("500 Internal Server Error", b"no"))
    with scripted_server(script) as server, pytest.raises(ControlError, match="500: no"):
        Toxiproxy(server.url).delete("p")


def test_a_proxy_is_left_to_its_ledger_when_the_server_stops_answering() -> None:
    # It may be there or not: deleting would wait just as long, and who undoes knows it anyway.
    proxy = b'{"name":"payments","listen":"a:1","upstream":"b:2","enabled":true}'
    heard: list[bytes] = []
    answers = iter([http("200 OK", b"{}"), http("201 Created", proxy)])

    def script(connection: socket.socket) -> None:
        while request := read_request(connection):
            heard.append(request.split(b" HTTP")[0])
            if answer := next(answers, b""):
                connection.sendall(answer)

    with scripted_server(script) as server, pytest.raises(ServerStuck):
        Toxiproxy(server.url, timeout=0.3).create(payments(SLOW))
    assert heard == [b"GET /proxies", b"POST /proxies", b"POST /proxies/payments/toxics"]


@pytest.mark.parametrize("body", [b"<html>It works!</html>", b"[]", b'{"payments": 1}', b"\xff"])
def test_another_web_server_is_no_toxiproxy(body: bytes) -> None:
    with scripted_server(answering(http("200 OK", body))) as server:
        for call in (
            Toxiproxy(server.url).proxies,
            lambda: Toxiproxy(server.url).create(payments()),
        ):
            with pytest.raises(ControlError) as caught:
                call()
            assert caught.value.status == 0


def test_a_server_that_is_gone_is_lost(client: Toxiproxy, server: RealServer) -> None:
    client.proxies()
    server.process.kill()
    server.process.wait()
    for _ in range(2):
        with pytest.raises(ServerLost):
            client.proxies()


def test_a_paused_server_is_stuck_and_back_when_it_goes_on(
    client: Toxiproxy, server: RealServer
) -> None:
    server.pause()
    with pytest.raises(ServerStuck, match=r"did not answer within 0\.2 s"):
        client.proxies(timeout=0.2)
    server.resume()
    assert client.proxies() == {}


def test_a_reader_that_stands_still_wedges_the_original_and_not_the_embedded_one(
    server: RealServer,
) -> None:
    # A receiver that does not read while the server floods: in the original, the toxic cannot be
    # put in place, the call never ends, and every later listing waits for its lock.
    client = Toxiproxy(server.url, timeout=0.4)
    with socket.create_server(("127.0.0.1", 0)) as upstream:
        made = client.create(Proxy("p", "", f"127.0.0.1:{upstream.getsockname()[1]}"))
        host, _, port = made.listen.partition(":")
        with socket.create_connection((host, int(port))) as reader:
            source, _ = upstream.accept()
            flooding = threading.Thread(target=flood, args=(source,))
            flooding.start()
            reader.recv(1)
            wedged = until_stuck(client)
            if server.kind == "real":
                with pytest.raises(ServerStuck, match=r"did not answer within 0\.4 s"):
                    client.proxies(timeout=0.4)
            else:
                assert client.proxies(timeout=0.4)["p"].toxics == ()
            version = client.version()
            server.process.kill()
            flooding.join()
    assert wedged is (server.kind == "real")
    assert version == "2.12.0"


def flood(source: socket.socket) -> None:
    with source, suppress(OSError):
        while True:
            source.sendall(b"x" * 65536)


def until_stuck(client: Toxiproxy) -> bool:
    """Add and remove a toxic until a call does not come back; usually the first one."""
    with suppress(ServerStuck):
        for _ in range(50):
            client.add_toxic("p", SLOW)
            client.remove_toxic("p", "slow")
        return False
    return True


def test_calls_on_one_connection_do_not_wait_for_acknowledgements(client: Toxiproxy) -> None:
    # Linux acknowledges after 40 ms what comes in two parts; the quickest call tells, for a busy
    # machine only makes calls slower.
    client.version()

    def timed() -> float:
        began = time.perf_counter()
        client.version()
        return time.perf_counter() - began

    assert min(timed() for _ in range(20)) < 0.02


def test_two_servers_and_many_threads_do_not_mix(server: RealServer) -> None:
    other: Kind = "embedded" if server.kind == "real" else "real"
    with real_server(kind=other) as second:
        clients = {"one": Toxiproxy(server.url), "two": Toxiproxy(second.url)}

        def work(name: str) -> set[str]:
            client = clients[name[:3]]
            client.create(Proxy(name, "", "127.0.0.1:1"))
            for _ in range(10):
                client.add_toxic(name, SLOW)
                client.remove_toxic(name, "slow")
            return {each[:3] for each in client.proxies()}

        names = [f"{which}-{number}" for number in range(3) for which in clients]
        with ThreadPoolExecutor(6) as pool:
            seen = list(pool.map(work, names))
    assert seen == [{name[:3]} for name in names]


@pytest.mark.parametrize("kind", KINDS)
def test_an_ipv6_server_is_reached(kind: Kind) -> None:
    with real_server("::1", kind=kind) as server:
        assert Toxiproxy(server.url).create(Proxy("a", "[::1]:0", "[::1]:1")).listen[:6] == "[::1]:"


def test_its_own_process_proxy_settings_are_not_obeyed(
    client: Toxiproxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    assert client.proxies() == {}


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("localhost", "http://localhost:8474"),
        ("127.0.0.1:9000", "http://127.0.0.1:9000"),
        (" http://127.0.0.1:8474/ ", "http://127.0.0.1:8474"),
        ("http://[::1]:8474", "http://[::1]:8474"),
        ("http://gateway/toxi", "http://gateway/toxi"),
    ],
)
def test_an_address_may_be_written_short(written: str, url: str) -> None:
    assert base_url(written) == url
    assert Toxiproxy(written).url == url


@pytest.mark.parametrize(
    "written",
    [
        "",
        "https://localhost:8474",
        "http://:8474",
        "localhost:port",
        "http://a b?c",
        "http://u@h:1",
        "http://[::1",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(BadInput, match="write http://host:port"):
        base_url(written)


def test_the_module_itself_costs_nothing() -> None:
    code = "import sys, loadtui.chaos.toxiproxy; print({'requests', 'urllib3'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
