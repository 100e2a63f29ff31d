from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.real import ROOT

SCRIPT = ROOT / "scripts" / "install-toxiproxy"
# What the script needs besides a Go; a Go or server of this machine must not be found.
NEEDED = ("sh", "dirname", "cat", "cut", "mkdir", "mktemp", "mv", "rm", "cp")
FAKE_GO = """#!/bin/sh
[ "$1" = version ] && { echo go version go1.99 test; exit; }
case "$*" in */cmd/server@*) name=server ;; *) name=cli ;; esac
printf "#!/bin/sh\\necho $name\\n" > "$GOBIN/$name" && PATH=/bin:/usr/bin chmod +x "$GOBIN/$name"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a checkout that holds the script alone, and a PATH of bare tools."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(SCRIPT, tmp_path / "scripts")
    (tmp_path / "bin").mkdir()
    for name in NEEDED:
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def program(place: Path, text: str) -> Path:
    """Write an executable shell script."""
    place.parent.mkdir(exist_ok=True)
    place.write_text(text)
    place.chmod(0o755)
    return place


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script of that checkout with nothing but its own PATH."""
    return subprocess.run(
        [checkout / "scripts" / "install-toxiproxy", *arguments],
        env={"PATH": str(checkout / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_server_on_path_is_taken(checkout: Path) -> None:
    program(checkout / ".tools" / "toxiproxy-server", "#!/bin/sh\n")
    on_path = program(checkout / "bin" / "toxiproxy-server", "#!/bin/sh\n")
    assert run(checkout).stdout == f"{on_path}\n"


def test_then_the_one_in_tools(checkout: Path) -> None:
    mine = program(checkout / ".tools" / "toxiproxy-server", "#!/bin/sh\n")
    assert run(checkout).stdout == f"{mine}\n"


def test_then_go_builds_server_and_cli_and_leaves_nothing_else(checkout: Path) -> None:
    program(checkout / "bin" / "go", FAKE_GO)
    done = run(checkout)
    tools = checkout / ".tools"
    assert done.stdout == f"{tools / 'toxiproxy-server'}\n"
    assert sorted(path.name for path in tools.iterdir()) == ["toxiproxy-cli", "toxiproxy-server"]
    assert subprocess.check_output(["sh", tools / "toxiproxy-server"], text=True) == "server\n"


@pytest.mark.parametrize(
    "go", [None, "#!/bin/sh\n[ $1 = version ] || { echo no network >&2; exit 1; }\n"]
)
def test_without_any_it_says_so_and_prints_nothing(checkout: Path, go: str | None) -> None:
    if go is not None:
        program(checkout / "bin" / "go", go)
    done = run(checkout)
    assert (done.returncode, done.stdout) == (0, "")
    assert "skipped" in done.stderr
    assert "scripts/install-toxiproxy" in done.stderr
    assert run(checkout, "--require").returncode == 1


def test_an_unknown_word_is_refused(checkout: Path) -> None:
    assert run(checkout, "--force").returncode == 2
