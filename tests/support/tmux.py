"""A real terminal for end-to-end tests: tmux, driven by keys and read as text."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self


class Tmux:
    """One program in one tmux window of its own server; ended with everything in it on exit."""

    def __init__(
        self, name: str, command: list[str], *, env: Mapping[str, str], size: tuple[int, int]
    ) -> None:
        self._name = f"loadtui-{name}"
        unset = [word for name in ("COLUMNS", "LINES") for word in ("-u", name)]
        words = ["env", *unset, *(f"{key}={value}" for key, value in env.items()), *command]
        width, height = size
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height),
            f"{shlex.join(words)}; echo \"exit code: $?\"; exec sleep 600",
        )  # fmt: skip
        self._tmux("set-option", "-g", "history-limit", "2000")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            error.add_note(self.screen())
        self._tmux("kill-server", check=False)

    def _tmux(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._name, *words],
            check=check,
            capture_output=True,
            text=True,
            timeout=20,
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names; a single character is itself."""
        for key in keys:
            self._tmux(
                "send-keys",
                "-l" if len(key) == 1 and key != ";" else "-H" if key == ";" else "--",
                "3b" if key == ";" else key,
            )

    def type(self, text: str) -> None:
        """Type a text as it is."""
        self._tmux("send-keys", "-l", text)

    def paste(self, text: str) -> None:
        """Paste a text, in brackets where the program has asked for them."""
        self._tmux("set-buffer", "--", text)
        self._tmux("paste-buffer", "-p")

    def screen(self, *, history: bool = False) -> str:
        """The screen as text."""
        back = ["-S", "-2000"] if history else []
        return self._tmux("capture-pane", "-p", *back)

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    @property
    def pane_pid(self) -> int:
        """The shell's process id."""
        return int(self._tmux("display-message", "-p", "#{pane_pid}"))

    def wait(self, until: Callable[[str], object], *, seconds: float, what: str) -> str:
        """Poll the screen until `until` is true of it; fails with the last screen."""
        end = time.monotonic() + seconds
        while True:
            shown = self.screen()
            if until(shown):
                return shown
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {what}\n{shown}")
            time.sleep(0.05)


def environment(home: Path) -> dict[str, str]:
    """A home of its own, and a mark by which every process of the test can be found."""
    return {
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "LOADTUI_TEST_MARK": str(home),
    }


def processes(home: Path) -> dict[int, str]:
    """Living processes that carry the mark of `home`, with their command lines; no zombies."""
    mark = f"LOADTUI_TEST_MARK={home}".encode()
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark not in (entry / "environ").read_bytes().split(b"\0"):
                continue
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if state != "Z":
            found[int(entry.name)] = words.strip()
    return found
