"""One process of the demo, seen from its parent: started, asked whether it is up, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from loadtui.errors import SetupFailed

_GRACE = 6.0
_PATIENCE, _PAUSE = 1.0, 0.03
_LAST_WORDS = 400


@dataclass(frozen=True)
class Place:
    """Where processes run: their folder, the lifeline they hold (a descriptor), their variables."""

    folder: Path
    lifeline: int
    environment: Mapping[str, str]


class _Who(msgspec.Struct):
    pid: int


class Child:
    """A process in a session of its own; all its output goes to a log in its folder."""

    def __init__(self, name: str, log: Path, process: asyncio.subprocess.Process) -> None:
        """Use `start`."""
        self.name, self.pid = name, process.pid
        self._log, self._process = log, process

    @classmethod
    async def start(cls, name: str, words: Sequence[str], place: Place) -> Child:
        """Start `python -P -m WORDS`; raises SetupFailed.

        Without -P a file in the folder that loadtui runs in could stand in for a module of ours.
        """
        log = place.folder / f"{name}.log"
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                *words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(place.lifeline,),
                cwd=place.folder,
                env=place.environment,
                start_new_session=True,
            )
        except OSError as error:
            raise SetupFailed(f"{name} cannot be started: {error}") from None
        finally:
            os.close(output)
        return cls(name, log, process)

    async def wait(self) -> int:
        """Wait for its end; the exit code, negative for a signal."""
        return await self._process.wait()

    async def answers(self, port: int, within: float) -> None:
        """Wait until GET /health on 127.0.0.1:`port` is answered by this very process."""

        async def look() -> bool:
            # Somebody else's server may have taken the port.
            return await _asked_who(port) == self.pid

        await self._until(look, within)

    async def accepts(self, port: int, within: float) -> None:
        """Wait until connections to 127.0.0.1:`port` are accepted while this process lives."""

        async def look() -> bool:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return True

        await self._until(look, within)

    async def _until(self, look: Callable[[], Awaitable[bool]], within: float) -> None:
        """Raise SetupFailed when it ends, or `within` seconds pass, before `look` says yes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._process.returncode is None:
                    # A stranger on our port may accept and never answer.
                    with contextlib.suppress(OSError):
                        async with asyncio.timeout(_PATIENCE):
                            if await look():
                                return
                    await asyncio.sleep(_PAUSE)
        if self._process.returncode is None:
            raise SetupFailed(f"{self.name} did not answer within {within:g} s{self._last_words()}")
        raise SetupFailed(self.obituary())

    def obituary(self) -> str:
        """How it ended, in a sentence, with the last of its log."""
        code = self._process.returncode or 0
        how = (
            f"ended with code {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"
        )
        return f"{self.name} {how}{self._last_words()}"

    def _last_words(self) -> str:
        try:
            text = self._log.read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:  # removed with its folder
            return ""
        return f"; the last of its log: {text[-_LAST_WORDS:]}" if text else "; its log is empty"

    async def end(self) -> None:
        """End it by SIGTERM, after the grace by SIGKILL, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(_GRACE):
                await self._process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


async def _asked_who(port: int) -> int | None:
    """The process id in the answer to GET /health, None without one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET /health HTTP/1.0\r\nhost: 127.0.0.1\r\n\r\n")
        _, _, body = (await reader.read()).partition(b"\r\n\r\n")
        return msgspec.json.decode(body, type=_Who).pid
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    finally:
        writer.close()
