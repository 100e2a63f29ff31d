"""toxiproxy-cli, the original's own tool, against both servers."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.real import require_real
from tests.support.toxiproxy_pair import HOST, Toxi
from tests.support.toxiproxy_server import free_port


@pytest.fixture
def listen(server: Toxi) -> str:
    """Make a proxy named redis; return where it listens."""
    address = f"{HOST}:{free_port()}"
    said(server, 0, "create", "-l", address, "-u", "localhost:6379", "redis")
    return address


def words(line: str) -> list[str]:
    """Split a command line that quotes nothing."""
    return line.split()


def said(server: Toxi, code: int, *arguments: str) -> str:
    """Run the tool; return what it printed."""
    program = [str(require_real("toxiproxy-cli")), "-h", f"http://{HOST}:{server.port}", *arguments]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=20)
    told = done.stdout + done.stderr
    assert done.returncode == code, told
    return told


def test_create_and_list(server: Toxi, listen: str) -> None:
    assert said(server, 0, "list") == f"redis\t{listen}\tlocalhost:6379\tenabled\t0\n"


def test_create_twice(server: Toxi, listen: str) -> None:
    told = said(server, 1, "create", "-l", listen, "-u", "localhost:6379", "redis")
    assert "HTTP 409: proxy already exists" in told


def test_toxics_are_added_shown_changed_and_removed(server: Toxi, listen: str) -> None:
    added = ("toxic", "add", "-t", "latency", "-a", "latency=1000", "redis")
    assert said(server, 0, *added) == (
        "Added downstream latency toxic 'latency_downstream' on proxy 'redis'\n"
    )
    said(
        server,
        0,
        *[
            "toxic",
            "add",
            "-t",
            "bandwidth",
            "-n",
            "bw",
            "-u",
            "-a",
            "rate=100",
            "--toxicity",
            "0.5",
            "redis",
        ],
    )
    said(server, 0, *words("toxic update -n bw -a rate=50 redis"))
    assert said(server, 0, "inspect", "redis") == (
        "bw\ttype=bandwidth\tstream=upstream\ttoxicity=1.00\tattributes=[\trate=50\t]\n"
        "latency_downstream\ttype=latency\tstream=downstream\ttoxicity=1.00\t"
        "attributes=[\tjitter=0\tlatency=1000\t]\n"
    )
    assert said(server, 0, *words("toxic remove -n bw redis")) == (
        "Removed toxic 'bw' on proxy 'redis'\n"
    )
    assert said(server, 1, *words("toxic remove -n bw redis")).count("HTTP 404: toxic not found")


def test_toggle(server: Toxi, listen: str) -> None:
    assert said(server, 0, "toggle", "redis") == "Proxy redis is now disabled\n"
    assert said(server, 0, "list").split("\t")[3] == "disabled"
    assert said(server, 0, "toggle", "redis") == "Proxy redis is now enabled\n"


def test_delete(server: Toxi, listen: str) -> None:
    assert said(server, 0, "delete", "redis") == "Deleted proxy redis\n"
    assert "HTTP 404: proxy not found" in said(server, 1, "delete", "redis")
    assert "HTTP 404: proxy not found" in said(server, 1, "inspect", "redis")
