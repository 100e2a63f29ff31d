"""Looks at real processes, once a second."""

from __future__ import annotations

import asyncio
from pathlib import Path

from loadtui.model.watch import Watch, Watched
from loadtui.session.watcher import Watcher
from tests.support.grower import grower


async def looks(watcher: Watcher, count: int) -> list[tuple[Watched, ...]]:
    """So many looks, as the session gets them."""
    seen: list[tuple[Watched, ...]] = []
    enough = asyncio.Event()

    def take(look: tuple[Watched, ...]) -> None:
        seen.append(look)
        if len(seen) == count:
            enough.set()

    running = asyncio.create_task(watcher.run(take))
    async with asyncio.timeout(10):
        await enough.wait()
    running.cancel()
    return seen


async def test_a_process_is_looked_at_once_a_second() -> None:
    with grower() as watched:
        began = asyncio.get_running_loop().time()
        first, second = await looks(Watcher((Watch("api", watched.pid),)), 2)
        assert asyncio.get_running_loop().time() - began >= 0.95
        assert (first[0].pid, first[0].cpu, first[0].gone) == (watched.pid, None, None)
        assert (first[0].memory or 0) > 1e6
        assert second[0].cpu is not None


def test_a_process_by_its_id_stays_gone() -> None:
    with grower() as watched:
        watcher = Watcher((Watch("api", watched.pid),))
        assert watcher.look()[0].gone is None
        watched.kill()
        for _ in range(2):
            (look,) = watcher.look()
            assert (look.pid, look.gone, look.memory) == (watched.pid, 0.0, None)


def test_a_pid_file_leads_to_the_restarted_process(tmp_path: Path) -> None:
    file = tmp_path / "api.pid"
    watcher = Watcher((Watch("api", 0, str(file)),))
    with grower() as first, grower() as second:
        file.write_text(f"{first.pid}\n")
        assert watcher.look()[0].pid == first.pid
        first.kill()
        assert watcher.look()[0].gone == 0.0
        file.unlink()
        assert watcher.look()[0].gone == 0.0
        file.write_text(f"{second.pid}\n")
        (look,) = watcher.look()
        assert (look.pid, look.gone) == (second.pid, None)
