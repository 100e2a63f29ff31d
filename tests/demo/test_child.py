from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from loadtui.demo.child import Child, Place
from loadtui.errors import SetupFailed

# `python -m` runs a module; these are written into the folder and found there.
MODULES = {
    "speaks": "print('first words'); print('last words'); raise SystemExit(3)",
    "waits": "print('up', flush=True); import time; time.sleep(60)",
    "stubborn": """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
""",
    "sees": """
import os, sys
print(os.getcwd(), os.getsid(0) == os.getpid(), repr(sys.stdin.read()), os.environ["A"])
""",
}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(text)
    lifeline, ours = os.pipe()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "A": "b"}
    yield Place(tmp_path, lifeline, environment)
    os.close(lifeline)
    os.close(ours)


async def log_says(place: Place, name: str, words: str) -> None:
    async with asyncio.timeout(10):
        while words not in (place.folder / f"{name}.log").read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_it_runs_in_its_folder_in_a_session_of_its_own(place: Place) -> None:
    child = await Child.start("part", ["sees"], place)
    assert await child.wait() == 0
    log = (place.folder / "part.log").read_text()
    assert log == f"{place.folder} True '' b\n"


async def test_one_that_ends_too_early_is_described_with_its_last_words(place: Place) -> None:
    child = await Child.start("part", ["speaks"], place)
    with pytest.raises(SetupFailed) as failed:
        await child.accepts(1, within=10.0)
    assert str(failed.value) == (
        "part ended with code 3; the last of its log: first words\nlast words"
    )


async def test_one_that_never_answers_is_given_up(place: Place) -> None:
    child = await Child.start("part", ["waits"], place)
    await log_says(place, "part", "up")
    with pytest.raises(SetupFailed, match=r"part did not answer within 0.1 s; .*log: up$"):
        await child.answers(1, within=0.1)
    await child.end()
    assert await child.wait() == -signal.SIGTERM


async def test_one_that_does_not_listen_is_killed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loadtui.demo.child._GRACE", 0.1)
    child = await Child.start("part", ["stubborn"], place)
    await log_says(place, "part", "up")
    await child.end()
    assert await child.wait() == -signal.SIGKILL


async def test_a_stranger_who_answers_on_its_port_is_not_taken_for_it(place: Place) -> None:
    async def stranger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.0 200 OK\r\n\r\n{"status": "ok", "pid": 1}')
        writer.close()

    child = await Child.start("part", ["waits"], place)
    async with await asyncio.start_server(stranger, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SetupFailed, match="did not answer"):
            await child.answers(port, within=0.2)
    await child.end()


async def test_a_log_that_is_gone_is_not_missed(place: Place) -> None:
    child = await Child.start("part", ["speaks"], place)
    await child.wait()
    (place.folder / "part.log").unlink()
    assert child.obituary() == "part ended with code 3"
