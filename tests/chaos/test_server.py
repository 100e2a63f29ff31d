from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.chaos import server as servers
from loadtui.chaos.server import (
    Found,
    Missing,
    Probe,
    Start,
    decide,
    find,
    probe,
    words,
)
from loadtui.errors import BadInput
from tests.support.scripted_server import answering, http, scripted_server, silent
from tests.support.toxiproxy_server import RealServer, free_port

BINARY = Path("/opt/toxiproxy-server")
UP, STUCK, ABSENT, FOREIGN = (
    Probe(f"http://{state}:1", state) for state in ("up", "stuck", "absent", "foreign")
)


@pytest.mark.parametrize(
    ("probes", "binary", "choice"),
    [
        ([UP], BINARY, Found(UP)),
        ([ABSENT, UP], BINARY, Found(UP)),
        ([STUCK, UP], BINARY, Found(UP)),
        ([ABSENT, STUCK], BINARY, Found(STUCK)),
        ([FOREIGN], BINARY, Start(BINARY)),
        ([ABSENT, ABSENT], BINARY, Start(BINARY)),
        ([], BINARY, Start(BINARY)),
    ],
)
def test_one_that_runs_comes_before_one_of_our_own(
    probes: list[Probe], binary: Path, choice: Found | Start
) -> None:
    assert decide(probes, binary, named=False) == choice


@pytest.mark.parametrize("met", [UP, STUCK, ABSENT])
def test_a_named_one_is_used_whatever_its_state(met: Probe) -> None:
    assert decide([met], BINARY, named=True) == Found(met)


def test_a_named_one_that_is_no_toxiproxy_is_refused() -> None:
    assert isinstance(decide([FOREIGN], BINARY, named=True), Missing)


def test_without_any_the_embedded_one_is_started() -> None:
    assert decide([ABSENT], None, named=False) == Start(None)


def test_a_real_server_is_up_and_tells_its_version(server: RealServer) -> None:
    assert probe(server.url) == Probe(server.url, "up", "2.12.0")


def test_a_paused_server_is_stuck(server: RealServer) -> None:
    server.pause()
    assert probe(server.url, timeout=0.2).state == "stuck"


def test_silence_is_stuck_nobody_is_absent_and_another_program_is_foreign() -> None:
    with scripted_server(silent) as quiet:
        assert probe(quiet.url, timeout=0.2).state == "stuck"
    assert probe(f"http://127.0.0.1:{free_port()}").state == "absent"
    with scripted_server(answering(http("404 Not Found", b"nothing here"))) as other:
        met = probe(other.url)
    assert met.state == "foreign"
    assert met.text == f"{other.url} is no Toxiproxy: nothing here"


@pytest.fixture
def usual(monkeypatch: pytest.MonkeyPatch) -> str:
    """Move the usual address to one where nobody listens."""
    address = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setattr(servers, "USUAL", address)
    return address


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a toxiproxy-server on PATH, and nothing else."""
    program = tmp_path / "toxiproxy-server"
    program.touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return program


@pytest.mark.usefixtures("usual")
def test_the_named_one_is_found(server: RealServer) -> None:
    choice = find(f"127.0.0.1:{server.port}", "", own=True)
    assert choice == Found(Probe(server.url, "up", "2.12.0"))


def test_a_named_one_that_is_not_there_is_waited_for(usual: str, on_path: Path) -> None:
    choice = find(usual, "", own=False)
    assert isinstance(choice, Found)
    assert (choice.probe.url, choice.probe.state) == (usual, "absent")
    assert "nothing listens" in choice.probe.text


@pytest.mark.usefixtures("usual")
def test_the_one_of_the_environment_is_found(server: RealServer) -> None:
    assert find("", server.url, own=False) == Found(Probe(server.url, "up", "2.12.0"))


def test_then_the_one_at_the_usual_address(
    server: RealServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "USUAL", server.url)
    elsewhere = f"http://127.0.0.1:{free_port()}"
    assert find("", elsewhere, own=False) == Found(Probe(server.url, "up", "2.12.0"))


@pytest.mark.usefixtures("usual")
def test_then_one_of_our_own(on_path: Path) -> None:
    assert find("", "", own=False) == Start(on_path)


@pytest.mark.usefixtures("usual")
def test_with_nothing_anywhere_it_is_the_embedded_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert find("", "", own=False) == Start(None)


def test_own_leaves_a_strangers_server_alone(
    server: RealServer, on_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "USUAL", server.url)
    assert find("", server.url, own=True) == Start(None)


@pytest.mark.usefixtures("usual")
def test_a_wrong_address_is_told_with_its_place() -> None:
    with pytest.raises(BadInput, match="TOXIPROXY_URL: 'https://here' is no address"):
        find("", "https://here", own=False)


@pytest.mark.parametrize(
    ("url", "version", "ours", "said"),
    [
        ("http://127.0.0.1:8474", "2.12.0", False, "toxiproxy 2.12.0 :8474"),
        ("http://localhost:18474", "git", True, "toxiproxy git :18474 (ours)"),
        ("http://[::1]:8474", "", False, "toxiproxy :8474"),
        ("http://proxies.test:80", "2.1.4", False, "toxiproxy 2.1.4 proxies.test:80"),
        ("http://proxies.test/toxi", "2.1.4", False, "toxiproxy 2.1.4 proxies.test"),
    ],
)
def test_a_server_in_a_few_words(url: str, version: str, ours: bool, said: str) -> None:
    assert words(url, version, ours=ours) == said
