from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from loadtui.cli.main import run


def completed(words: str, at: int) -> list[str]:
    """What click answers bash for these words, with the cursor in the word `at`."""
    done = subprocess.run(
        [sys.executable, "-c", "from loadtui.cli.main import main; main()"],
        env={
            **os.environ,
            "_LOADTUI_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(at),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "at", "found"),
    [
        ("loadtui re", 1, ["replay"]),
        ("loadtui run x.yaml --th", 3, ["--theme"]),
        ("loadtui run x.yaml --theme co", 4, ["colourblind", "contrast"]),
        ("loadtui http://127.0.0.1:9 --charset b", 3, ["braille", "blocks"]),
        ("loadtui sessions pr", 2, ["prune"]),
        ("loadtui import k", 2, ["k6"]),
    ],
)
def test_words_are_completed(words: str, at: int, found: list[str]) -> None:
    assert completed(words, at) == found


def test_a_scenario_is_completed_by_the_shells_own_file_names() -> None:
    assert completed("loadtui run scen", 2) == ["scen"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    out = capsys.readouterr().out
    assert f"_LOADTUI_COMPLETE={shell}_complete" in out


def test_bash_takes_the_script_and_completes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    run(["completion", "bash"])
    script = tmp_path / "completion.bash"
    script.write_text(capsys.readouterr().out, encoding="utf-8")
    loadtui = tmp_path / "loadtui"
    loadtui.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m loadtui "$@"\n', encoding="utf-8")
    loadtui.chmod(0o755)
    ask = (
        f"source {script}; COMP_WORDS=(loadtui val); COMP_CWORD=1; "
        '_loadtui_completion loadtui; echo "${COMPREPLY[@]}"'
    )
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        [bash, "--norc", "-c", ask],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "validate"
