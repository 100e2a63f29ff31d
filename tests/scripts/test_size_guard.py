from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.real import ROOT


def guard(folder: Path) -> subprocess.CompletedProcess[str]:
    script = ROOT / "scripts" / "size_guard.py"
    return subprocess.run(
        [sys.executable, str(script), str(folder)], capture_output=True, text=True, check=False
    )


def function(name: str, lines: int) -> str:
    return "\n".join([f"def {name}():", *["    pass"] * (lines - 1)])


def test_a_module_of_300_lines_and_a_function_of_40_pass(tmp_path: Path) -> None:
    (tmp_path / "full.py").write_text(function("f", 40) + "\n" + "x = 1\n" * 260)

    done = guard(tmp_path)

    assert (done.returncode, done.stdout) == (0, "")


def test_each_offender_is_named_with_its_place(tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    (below / "long.py").write_text("x = 1\n" * 301)
    (below / "wide.py").write_text("x = 1\n\nclass C:\n    @property\n" + _indented("f", 40))

    done = guard(tmp_path)

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{below / 'long.py'}:301: module has 301 lines, at most 300",
        f"{below / 'wide.py'}:4: f has 41 lines, at most 40",
    ]


def _indented(name: str, lines: int) -> str:
    return "\n".join(f"    {line}" for line in function(name, lines).splitlines())
