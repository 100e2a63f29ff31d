from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.real import ROOT


def guard(checkout: Path, name: str, text: str) -> subprocess.CompletedProcess[str]:
    """Run the guard in a checkout in which the file `name` with this text is tracked."""
    (checkout / name).write_text(text)
    subprocess.run(["git", "init", "-q", str(checkout)], check=True)
    subprocess.run(["git", "-C", str(checkout), "add", name], check=True)
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "guard.py")],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


def option(word: str) -> str:
    return f"--{word}"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (option("index-url") + " https://example.test/", "names a package index"),
        (option("find-links") + " wheels", "names a package index"),
        ("https://example.test/a-1." + "whl", "names a package index"),
        ("/" + "home/somebody/checkout", "carries a path of one machine"),
        ("/" + "root/.cache", "carries a path of one machine"),
    ],
)
def test_what_belongs_to_one_place_is_named_with_its_line(
    tmp_path: Path, line: str, what: str
) -> None:
    done = guard(tmp_path, "notes.txt", f"fine\n{line}\n")

    assert done.returncode == 1
    assert done.stdout.startswith(f"notes.txt:2: {what}")


def test_the_path_of_the_checkout_itself_is_found(tmp_path: Path) -> None:
    done = guard(tmp_path, "notes.txt", f"{tmp_path}/file\n")

    assert done.returncode == 1
    assert "notes.txt:1: carries a path of one machine" in done.stdout


def test_a_lock_file_with_addresses_is_refused(tmp_path: Path) -> None:
    done = guard(tmp_path, "uv." + "lock", "")

    assert done.returncode == 1
    assert "pins live in requirements/" in done.stdout


def test_pins_and_ordinary_addresses_pass(tmp_path: Path) -> None:
    text = "httpx==1 \\\n    --hash=sha256:00\nhttp://127.0.0.1:8474/proxies\n~/.config/loadtui\n"

    done = guard(tmp_path, "notes.txt", text)

    assert (done.returncode, done.stdout) == (0, "")
