from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest

from loadtui.chaos.toxiproxy import Toxiproxy
from loadtui.model.fault_lines import cli_line, curl, undo_lines
from loadtui.model.ledger import Change, Entry
from loadtui.model.toxic import Proxy, Toxic
from tests.support.real import require_real
from tests.support.toxiproxy_server import RealServer, real_server

SERVER = "http://127.0.0.1:8474"
SLOW = Toxic("slow", "latency", "downstream", 0.33, {"latency": 2000, "jitter": 100})
FASTER = Toxic("slow", "latency", "downstream", 1.0, {"latency": 20, "jitter": 0})
OTHER = Toxic("slow", "bandwidth", "upstream", 0.5, {"rate": 50})
FORMS = pytest.mark.parametrize("form", [0, 1], ids=["cli", "curl"])


def test_an_act_in_both_forms() -> None:
    assert cli_line("add", "payments", SLOW, SERVER) == (
        "toxiproxy-cli --host http://127.0.0.1:8474 toxic add -t latency -n slow --downstream"
        " --toxicity 0.33 -a latency=2000 -a jitter=100 payments"
    )
    assert curl(Change("payments", "toxic", "slow", None, SLOW), SERVER) == (
        'curl -fsS -d \'{"name":"slow","type":"latency","stream":"downstream","toxicity":0.33,'
        '"attributes":{"latency":2000,"jitter":100}}\''
        " http://127.0.0.1:8474/proxies/payments/toxics"
    )


def test_an_update_never_leaves_the_toxicity_to_the_cli() -> None:
    assert " toxic update -n slow --toxicity 1 -a " in cli_line("update", "p", FASTER, SERVER)


def test_toggle_carries_its_condition() -> None:
    assert cli_line("add", "payments", None, SERVER) == (
        "toxiproxy-cli --host http://127.0.0.1:8474 toggle payments"
        "  # only while list shows it enabled"
    )
    assert cli_line("remove", "payments", None, SERVER).endswith("shows it disabled")
    assert curl(Change("payments", "enabled", "", before=True, after=False), SERVER) == (
        "curl -fsS -d '{\"enabled\":false}' http://127.0.0.1:8474/proxies/payments"
    )


def test_names_are_quoted_for_the_shell_and_for_the_path() -> None:
    slow = Toxic("it's; 50%?", "latency", "upstream")
    added = Change("two words", "toxic", slow.name, None, slow)
    by_cli, by_curl = undo_lines(Entry(1, SERVER, added, None))
    assert by_cli.endswith(""" toxic remove -n 'it'"'"'s; 50%?' 'two words'""")
    assert by_curl.endswith("/proxies/two%20words/toxics/it%27s%3B%2050%25%3F")


@pytest.fixture
def server() -> Iterator[RealServer]:
    with real_server() as running:
        yield running


@pytest.fixture
def client(server: RealServer) -> Toxiproxy:
    return Toxiproxy(server.url)


def shell(line: str) -> None:
    """Run a line as an operator would, toxiproxy-cli found on PATH."""
    tools = {require_real(name).parent for name in ("toxiproxy-cli", "curl")}
    path = os.pathsep.join((*map(str, tools), os.environ["PATH"]))
    done = subprocess.run(
        ["sh", "-c", line],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@FORMS
@pytest.mark.parametrize(
    ("before", "after"),
    [(None, SLOW), (SLOW, FASTER), (FASTER, SLOW), (SLOW, None), (SLOW, OTHER)],
)
def test_a_line_lifts_a_toxic(
    client: Toxiproxy, form: int, before: Toxic | None, after: Toxic | None
) -> None:
    held = client.create(Proxy("-p", "", "127.0.0.1:1", toxics=(before,) if before else ()))
    if before:
        client.remove_toxic("-p", "slow")
    if after:
        client.add_toxic("-p", after)
    change = Change("-p", "toxic", "slow", before, after)
    shell(undo_lines(Entry(1, client.url, change, None))[form])
    assert client.proxy("-p") == held


@FORMS
@pytest.mark.parametrize("on", [True, False])
def test_a_line_brings_a_proxy_back_up_or_down(client: Toxiproxy, form: int, on: bool) -> None:
    client.create(Proxy("p", "", "127.0.0.1:1", enabled=not on))
    change = Change("p", "enabled", "", before=on, after=not on)
    shell(undo_lines(Entry(1, client.url, change, None))[form])
    assert client.proxy("p").enabled is on


@FORMS
def test_a_line_deletes_a_proxy_that_we_created(client: Toxiproxy, form: int) -> None:
    made = client.create(Proxy("p", "", "127.0.0.1:1"))
    change = Change("p", "proxy", "", None, made)
    shell(undo_lines(Entry(1, client.url, change, None))[form])
    assert client.proxies() == {}


@FORMS
@pytest.mark.parametrize("enabled", [True, False])
def test_a_line_creates_a_deleted_proxy_with_all_it_had(
    client: Toxiproxy, form: int, enabled: bool
) -> None:
    up = Toxic("tight", "bandwidth", "upstream", 0.5, {"rate": 50})
    had = client.create(Proxy("p", "127.0.0.1:0", "127.0.0.1:1", toxics=(up, SLOW)))
    had = client.set_enabled("p", enabled)
    client.delete("p")
    change = Change("p", "proxy", "", had, None)
    shell(undo_lines(Entry(1, client.url, change, None))[form])
    assert client.proxies() == {"p": had}
