"""Processes that are watched beside the load, and how they fare."""

from __future__ import annotations

import msgspec

from loadtui.model.units import NOTHING, grouped, share, size


class Watch(msgspec.Struct, frozen=True):
    """A process to watch: by its id, or by a file that holds it (an absolute path, "" for none)."""

    name: str
    pid: int = 0
    pidfile: str = ""


class Watched(msgspec.Struct, frozen=True):
    """A process at its last reading. `memory`: resident bytes; `cpu`: cores used over the last
    second; `files`: open ones; each None where it is not known. `gone`: session seconds at which it
    was found gone, None while it runs.
    """

    name: str
    pid: int
    memory: float | None = None
    cpu: float | None = None
    files: float | None = None
    gone: float | None = None

    @property
    def gauges(self) -> dict[str, float]:
        """Its samples by metric, without those that are not known."""
        values = {
            "watch_memory": self.memory,
            "watch_cpu": self.cpu,
            "watch_files": self.files,
            "watch_up": float(self.gone is None),
        }
        return {metric: value for metric, value in values.items() if value is not None}

    @property
    def words(self) -> str:
        """Its numbers in a few words; "gone" once it is."""
        if self.gone is not None:
            return "gone"
        memory = NOTHING if self.memory is None else size(self.memory)
        files = NOTHING if self.files is None else grouped(self.files)
        return f"{memory} · {share(self.cpu)} cpu · {files} files"
