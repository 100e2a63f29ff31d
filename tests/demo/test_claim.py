from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.demo.claim import Claims, is_free

HOLDS = """
import sys
from pathlib import Path
from loadtui.demo.claim import Claims
print(Claims(Path(sys.argv[1])).claim(int(sys.argv[2])), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def claims(tmp_path: Path) -> Iterator[Claims]:
    it = Claims(tmp_path)
    yield it
    it.release()


def test_a_chosen_port_is_refused_to_the_next_demo_before_anything_listens(
    claims: Claims, tmp_path: Path, port: int
) -> None:
    assert claims.claim(port)
    assert not Claims(tmp_path).claim(port)


def test_a_released_port_is_anybodys(claims: Claims, tmp_path: Path, port: int) -> None:
    first = Claims(tmp_path)
    assert first.claim(port)
    first.release()
    assert claims.claim(port)


def test_a_claim_ends_with_its_process(claims: Claims, tmp_path: Path, port: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path), str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert not claims.claim(port)
        other.kill()
    assert claims.claim(port)


def test_a_port_that_somebody_listens_on_cannot_be_claimed(claims: Claims) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        assert not is_free(taken)
        assert not claims.claim(taken)
    assert claims.claim(taken)


def test_a_server_on_every_address_counts_too() -> None:
    with socket.socket() as server:
        server.bind(("0.0.0.0", 0))
        server.listen()
        assert not is_free(server.getsockname()[1])


def test_a_connection_that_only_lingers_does_not_count(port: int) -> None:
    with (
        socket.create_server(("127.0.0.1", port)) as server,
        socket.create_connection(("127.0.0.1", port)),
    ):
        accepted, _ = server.accept()
        accepted.close()  # closes first: its end lingers in TIME_WAIT
    assert is_free(port)


def test_without_a_place_for_locks_the_port_alone_decides(tmp_path: Path, port: int) -> None:
    claims = Claims(tmp_path / "missing")
    assert claims.claim(port)
    claims.release()
