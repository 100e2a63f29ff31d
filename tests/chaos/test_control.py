from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from loadtui.chaos import undo
from loadtui.chaos.control import ActResult, Control, PollFailure
from loadtui.chaos.frames import Lifted, Recorded, WatchdogDied
from loadtui.chaos.ledger_file import LedgerFile, file_name, ledger_files
from loadtui.chaos.server_process import ServerProcess
from loadtui.chaos.step import Call
from loadtui.chaos.toxiproxy import Toxiproxy
from loadtui.errors import BadInput, ControlError, SetupFailed
from loadtui.model.ledger import Entry
from loadtui.model.toxic import Proxy, Toxic
from tests.support.hand import down, toxic, whole
from tests.support.killed_session import freeze, is_running
from tests.support.model_server import unordered
from tests.support.toxiproxy_server import Kind, RealServer, free_port

SLOW = Toxic("slow", "latency", "downstream", 1.0, {"latency": 2000, "jitter": 100})
SLOWER = msgspec.structs.replace(SLOW, attributes={"latency": 3000, "jitter": 100})
TIGHT = Toxic("tight", "bandwidth", "upstream", 0.5, {"rate": 50})
BARE = Proxy("payments", "", "127.0.0.1:1")
TIGHTER = msgspec.structs.replace(TIGHT, attributes={"rate": 1})


def proxy(name: str, *toxics: Toxic) -> Proxy:
    return Proxy(name, f"127.0.0.1:{free_port()}", "127.0.0.1:1", toxics=toxics)


@pytest.fixture
def theirs(server: RealServer) -> Toxiproxy:
    """Somebody else's server with a proxy and a toxic of theirs."""
    client = Toxiproxy(server.url)
    client.create(proxy("payments", TIGHT))
    return client


@pytest.fixture
async def control(theirs: Toxiproxy, tmp_path: Path) -> AsyncIterator[Control]:
    """A control of their server."""
    control = Control(state_dir=tmp_path / "state", now=time.time)
    await control.start(theirs.url, own=False)
    yield control
    await control.close()


def watchdog(control: Control) -> int:
    """The watchdog's pid."""
    assert control._guardian is not None
    return control._guardian.pid


def child_of(pid: int) -> int:
    """The pid of a process's only child."""
    return int(subprocess.check_output(["pgrep", "-P", str(pid)]))


def opened(result: ActResult) -> Entry:
    assert result.error == ""
    assert result.entry is not None
    return result.entry


async def faults(control: Control) -> list[Entry]:
    """A toxic of ours, one of theirs changed, and their proxy down."""
    wishes = [
        toxic("payments", "slow", SLOW),
        toxic("payments", "tight", TIGHTER),
        down("payments"),
    ]
    return [opened(await control.apply(wish, time.time() + 300)) for wish in wishes]


# -- start and end -----------------------------------------------------------------------------


async def test_a_named_server_is_used_and_shown(control: Control, theirs: Toxiproxy) -> None:
    port = theirs.url.rpartition(":")[2]
    assert control.server_words == f"toxiproxy 2.12.0 :{port}"
    assert (control.url, control.restartable, control.blocked) == (theirs.url, False, "")
    assert await control.poll() == theirs.proxies()


async def test_a_server_of_our_own_lives_and_ends_with_us(tmp_path: Path, starts: Kind) -> None:
    control = Control(state_dir=tmp_path, now=time.time)
    await control.start("", own=False)
    client = Toxiproxy(control.url)
    said = {"real": "(ours)", "embedded": "(ours, embedded)"}
    assert control.server_words.endswith(said[starts])
    assert control.restartable
    opened(await control.apply(whole("own", proxy("own")), None))
    assert list(client.proxies()) == ["own"]
    await control.close()
    with pytest.raises(ControlError, match="nothing listens"):
        client.version()


async def test_one_of_our_own_is_the_embedded_one_whatever_else_there_is(
    tmp_path: Path, theirs: Toxiproxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOXIPROXY_URL", theirs.url)
    control = Control(state_dir=tmp_path, now=time.time)
    await control.start("", own=True)
    assert control.server_words.endswith("(ours, embedded)")
    opened(await control.apply(whole("own", proxy("own")), None))
    opened(await control.apply(down("own"), time.time() + 60))
    assert [lift.result for lift in await control.lift_faults(timeout=5)] == ["done"]
    assert Toxiproxy(control.url).proxies()["own"].enabled
    assert [lift.result for lift in await control.close()] == ["done"]
    with pytest.raises(ControlError, match="nothing listens"):
        Toxiproxy(control.url).version()


async def test_an_address_that_is_none_ends_the_start_and_nothing_is_left(tmp_path: Path) -> None:
    control = Control(state_dir=tmp_path, now=time.time)
    with pytest.raises(BadInput):
        await control.start("ftp://x", own=False)
    pid = watchdog(control)
    await control.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_closing_lifts_everything_and_leaves_no_file_and_no_process(
    control: Control, theirs: Toxiproxy, tmp_path: Path
) -> None:
    found = theirs.proxies()
    await faults(control)
    opened(await control.apply(whole("own", proxy("own")), None))
    pid = watchdog(control)
    assert [lift.result for lift in await control.close()] == ["done"] * 4
    assert unordered(theirs.proxies()) == unordered(found)
    assert ledger_files(tmp_path / "state") == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


# -- changing ----------------------------------------------------------------------------------


async def test_a_change_goes_back_to_what_was_read_not_to_what_was_believed(
    control: Control,
) -> None:
    believed = msgspec.structs.replace(toxic("payments", "tight", TIGHTER), before=SLOW)
    entry = opened(await control.apply(believed, 1e12))
    assert (entry.change.before, entry.seen, entry.deadline) == (TIGHT, TIGHTER, 1e12)
    assert entry.confirmed


async def test_a_change_of_a_fault_that_is_on_keeps_its_entry(
    control: Control, theirs: Toxiproxy
) -> None:
    first = opened(await control.apply(toxic("payments", "slow", SLOW), 1e12))
    second = opened(await control.apply(toxic("payments", "slow", SLOWER), 2e12))
    assert (second.id, second.change.before) == (first.id, None)
    assert control.entries == (second,)
    assert theirs.proxy("payments").toxic("slow") == SLOWER


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (toxic("none", "slow", SLOW), "there is no proxy none on the server"),
        (whole("payments", BARE), "a proxy payments exists already"),
        (toxic("payments", "slow", None), "it is so already on the server"),
        (toxic("payments", "odd", Toxic("odd", "odd")), "invalid toxic type"),
    ],
)
async def test_what_cannot_be_done_is_said_and_leaves_nothing_open(
    control: Control, wish: object, error: str
) -> None:
    assert await control.apply(wish, None) == ActResult(None, error)  # type: ignore[arg-type]
    assert control.entries == ()


async def test_a_refused_change_of_a_fault_that_is_on_leaves_it_as_it_was(
    control: Control, theirs: Toxiproxy
) -> None:
    entry = opened(await control.apply(toxic("payments", "slow", SLOW), 1e12))
    bad = msgspec.structs.replace(SLOW, attributes={"latency": "much"})
    result = await control.apply(toxic("payments", "slow", bad), 2e12)
    assert result.entry == entry
    assert result.error
    assert control.entries == (entry,)
    assert theirs.proxy("payments").toxic("slow") == SLOW


async def test_half_a_change_stays_open_and_is_lifted(control: Control, theirs: Toxiproxy) -> None:
    odd = Toxic("tight", "latency", "upstream", 0.1, {"latency": "none"})
    result = await control.apply(toxic("payments", "tight", odd), 1e12)
    assert result.entry == control.entries[0]
    assert result.error
    assert theirs.proxy("payments").toxic("tight") is None, "removed to be replaced"
    await control.lift_all(timeout=5)
    assert theirs.proxy("payments").toxic("tight") == TIGHT
    assert control.entries == ()


async def test_a_proxy_that_we_deleted_is_not_made_anew_but_lifted(
    control: Control, theirs: Toxiproxy
) -> None:
    found = theirs.proxies()
    opened(await control.apply(whole("payments", None), 1e12))
    again = await control.apply(whole("payments", proxy("payments")), None)
    assert again.error == "payments was deleted by this session; lifting that brings it back"
    await control.lift_faults(timeout=5)
    assert theirs.proxies() == found


async def test_lifting_a_proxy_of_ours_lifts_what_is_on_it_first(
    control: Control, theirs: Toxiproxy
) -> None:
    own = opened(await control.apply(whole("own", proxy("own")), None))
    opened(await control.apply(toxic("own", "slow", SLOW), 1e12))
    opened(await control.apply(toxic("payments", "slow", SLOW), 1e12))
    assert [lift.text for lift in await control.lift([own.id], timeout=5)] == [
        "slow removed from own",
        "own deleted",
    ]
    assert theirs.proxy("payments").toxic("slow") == SLOW
    assert [entry.change.proxy for entry in control.entries] == ["payments"]


async def test_lifting_faults_keeps_the_proxies_that_we_created(
    control: Control, theirs: Toxiproxy
) -> None:
    opened(await control.apply(whole("own", proxy("own")), None))
    await faults(control)
    assert len(await control.lift_faults(timeout=5)) == 3
    assert theirs.proxy("own").toxics == ()
    assert len(control.entries) == 1


# -- trouble -----------------------------------------------------------------------------------


async def test_a_stuck_server_is_told_from_a_lost_one_within_the_time_of_a_poll(
    control: Control, server: RealServer
) -> None:
    server.pause()
    began = time.monotonic()
    stuck = await control.poll()
    assert time.monotonic() - began < 2.0
    server.resume()
    server.process.kill()
    server.process.wait()
    lost = await control.poll()
    assert isinstance(stuck, PollFailure)
    assert isinstance(lost, PollFailure)
    assert (stuck.state, lost.state) == ("stuck", "lost")


async def test_a_call_without_an_answer_stays_open_until_it_cannot_land_any_more(
    control: Control,
    theirs: Toxiproxy,
    server: RealServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("loadtui.chaos.lifter.LATE", 1.0)
    monkeypatch.setattr(control._host, "_client", Toxiproxy(theirs.url, timeout=0.5))
    perform = undo.perform

    def stopped_in_between(client: Toxiproxy, call: object) -> str:
        server.pause()
        return perform(client, call)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(undo, "perform", stopped_in_between)
        result = await control.apply(toxic("payments", "slow", SLOW), 1e12)
    assert "did not answer" in result.error
    assert list(control.entries) == [result.entry]
    lifting = asyncio.create_task(control.lift_faults(timeout=5))
    await asyncio.sleep(0.3)
    server.resume()
    await lifting
    for _ in range(100):
        control.heartbeat()
        if len(control.entries) == 0:
            break
        await asyncio.sleep(0.1)
    assert len(control.entries) == 0
    assert theirs.proxy("payments").toxic("slow") is None


async def test_a_dead_watchdog_blocks_new_faults_says_so_and_lifting_goes_on(
    control: Control, theirs: Toxiproxy
) -> None:
    found = theirs.proxies()
    await faults(control)
    os.kill(watchdog(control), signal.SIGKILL)
    async for event in control.events():
        assert event == WatchdogDied()
        break
    assert control.blocked == "the watchdog died, so no new fault can be undone for sure"
    result = await control.apply(toxic("payments", "late", SLOW), 1e12)
    assert result == ActResult(None, control.blocked)
    assert [lift.result for lift in await control.lift_faults(timeout=5)] == ["done"] * 3
    assert unordered(theirs.proxies()) == unordered(found)


async def test_a_watchdog_that_does_not_answer_blocks_new_faults(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loadtui.chaos.guardian.DEAF", 0.3)
    freeze(watchdog(control))
    control.heartbeat()
    await asyncio.sleep(0.4)
    assert control.blocked == "the watchdog does not answer"
    os.kill(watchdog(control), signal.SIGCONT)
    for _ in range(50):
        await asyncio.sleep(0.02)
        if not control.blocked:
            break
    assert control.blocked == ""


async def test_a_full_disk_blocks_a_fault_before_its_call(
    control: Control, theirs: Toxiproxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("loadtui.chaos.ledger_file.LedgerFile.append", full)
    result = await control.apply(toxic("payments", "slow", SLOW), 1e12)
    said = "the ledger file cannot be written: No space left on device"
    assert result == ActResult(None, said)
    assert theirs.proxy("payments").toxic("slow") is None


async def test_what_the_watchdog_lifts_at_its_deadline_is_closed_and_told(
    control: Control, theirs: Toxiproxy
) -> None:
    entry = opened(await control.apply(toxic("payments", "slow", SLOW), time.time() - 1))
    control.heartbeat()
    async for event in control.events():
        assert isinstance(event, Lifted)
        assert [lift.entry for lift in event.lifts] == [entry]
        break
    assert control.entries == ()
    assert theirs.proxy("payments").toxic("slow") is None


async def test_a_server_of_ours_is_restarted_with_everything_that_was_on_it(
    tmp_path: Path, starts: Kind
) -> None:
    control = Control(state_dir=tmp_path, now=time.time)
    await control.start("", own=False)
    opened(await control.apply(whole("own", proxy("own", TIGHT)), None))
    opened(await control.apply(toxic("own", "slow", SLOW), 1e12))
    before = await control.poll()
    await control.restart_server()
    assert await control.poll() == before
    await control.lift_faults(timeout=5)
    assert Toxiproxy(control.url).proxy("own").toxics == (TIGHT,)
    await control.close()


async def test_somebody_elses_server_is_not_restarted(control: Control) -> None:
    with pytest.raises(SetupFailed, match="is not ours to restart"):
        await control.restart_server()


async def test_a_panic_that_meets_a_call_under_way_waits_for_nobody_and_wins(
    control: Control, theirs: Toxiproxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    called, may_go = threading.Event(), threading.Event()
    perform = undo.perform

    def slow(client: Toxiproxy, call: Call) -> str:
        called.set()
        may_go.wait(5)
        return perform(client, call)

    monkeypatch.setattr(undo, "perform", slow)
    applying = asyncio.create_task(control.apply(toxic("payments", "slow", SLOW), 1e12))
    await asyncio.to_thread(called.wait, 5)
    (lift,) = await control.lift_faults(timeout=5)
    assert lift.text == "was undone already"
    may_go.set()
    assert await applying == ActResult(None, "was lifted while it was made")
    assert theirs.proxy("payments").toxic("slow") is None
    assert control.entries == ()


async def test_what_cannot_be_lifted_at_the_end_is_told_and_stays_in_the_file(
    control: Control, theirs: Toxiproxy, server: RealServer, tmp_path: Path
) -> None:
    await faults(control)
    server.pause()
    pid = watchdog(control)
    lifts = await control.close(timeout=0.5)
    assert [lift.result for lift in lifts] == ["failed"] * 3
    assert all(lift.by_hand for lift in lifts)
    assert len(ledger_files(tmp_path / "state")) == 1
    server.resume()
    # The watchdog goes on without us.
    for _ in range(100):
        if not is_running(pid):
            break
        await asyncio.sleep(0.1)
    assert theirs.proxy("payments").toxics == (TIGHT,)
    assert ledger_files(tmp_path / "state") == []


async def test_a_stuck_server_of_ours_ends_and_with_it_what_was_on_it(
    tmp_path: Path, starts: Kind
) -> None:
    control = Control(state_dir=tmp_path, now=time.time)
    await control.start("", own=False)
    opened(await control.apply(whole("own", proxy("own")), None))
    assert control._host._process is not None
    server = child_of(control._host._process.pid)
    freeze(server)
    (lift,) = await control.close(timeout=0.5)
    assert lift.result == "done"
    assert lift.text.startswith("ended with our Toxiproxy (")
    assert not is_running(server)
    assert ledger_files(tmp_path) == []


async def test_leftovers_of_another_session_are_offered_and_lifted(
    control: Control, theirs: Toxiproxy, tmp_path: Path
) -> None:
    def left(number: int) -> Entry:
        change = msgspec.structs.replace(toxic("payments", "slow", SLOW))
        return Entry(number, theirs.url, change, None, confirmed=True, seen=SLOW)

    file = LedgerFile(tmp_path / "state" / file_name(1, 1))
    file.append(Recorded(left(1)))
    file.close()
    theirs.add_toxic("payments", SLOW)
    assert control.leftovers() == (left(1),)
    (lift,) = await control.lift_leftovers()
    assert lift.result == "done"
    assert theirs.proxy("payments").toxic("slow") is None
    assert control.leftovers() == ()


async def test_proxies_that_a_restarted_server_does_not_take_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starts: Kind
) -> None:
    control = Control(state_dir=tmp_path, now=time.time)
    await control.start("", own=False)
    good, bad = proxy("good"), proxy("bad")
    for each in (good, bad):
        opened(await control.apply(whole(each.name, each), None))
    terminate = ServerProcess.terminate
    taken = socket.socket()

    def and_take_its_port(server: ServerProcess) -> None:
        terminate(server)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int(bad.listen.rpartition(":")[2])))
        taken.listen()

    with monkeypatch.context() as patch, taken:
        patch.setattr(ServerProcess, "terminate", and_take_its_port)
        with pytest.raises(SetupFailed, match=r"not replayed: bad \(.*already in use"):
            await control.restart_server()
    assert list(Toxiproxy(control.url).proxies()) == ["good"]
    assert {lift.result for lift in await control.close()} == {"done"}


# -- a watchdog that does not start ------------------------------------------------------------


async def test_without_a_ledger_there_is_no_start(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("a file, not a directory")
    control = Control(state_dir=state, now=time.time)
    with pytest.raises(SetupFailed, match="the ledger of faults cannot be kept"):
        await control.start("", own=False)
    await control.close()


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/python"])
async def test_without_a_watchdog_there_is_no_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    control = Control(state_dir=tmp_path, now=time.time)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", program)
        with pytest.raises(SetupFailed, match=r"the watchdog (did not start|cannot be started)"):
            await control.start("", own=False)
    assert ledger_files(tmp_path) == []
    await control.close()


async def test_a_pipe_that_takes_nothing_blocks_new_faults(
    control: Control, theirs: Toxiproxy
) -> None:
    pid = watchdog(control)
    freeze(pid)
    big = msgspec.structs.replace(SLOW, name="s" * 3000)
    results = []
    for _ in range(40):
        results.append((await control.apply(toxic("payments", big.name, big), 1e12)).error)
        await control.lift_all(timeout=5)
    assert results[0] == ""
    assert results[-1] == "the watchdog does not answer"
    assert theirs.proxy("payments").toxics == (TIGHT,)
    os.kill(pid, signal.SIGCONT)
    for _ in range(100):
        control.heartbeat()
        if not control.blocked:
            break
        await asyncio.sleep(0.05)
    assert control.blocked == ""
