"""Files of results on real file systems."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from loadtui.errors import BadInput, OutputFailed
from loadtui.outputs import files


def test_a_file_is_replaced_in_one_step_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        files.write(path, b"new")
        assert reader.read() == b"old"  # who reads the old file has all of it
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]
    mask = os.umask(0o022)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    link.symlink_to(real)
    files.write(link, b"x")
    assert link.is_symlink()
    assert real.read_bytes() == b"x"


def test_a_full_disk_says_so_and_leaves_the_old_file() -> None:
    with pytest.raises(OutputFailed, match="/dev/full was not written: No space left on device"):
        files.write(Path("/dev/full"), b"x")


def test_a_folder_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputFailed, match="No such file or directory; the verdict stands"):
        files.write(tmp_path / "gone" / "out.json", b"x")


def test_what_can_never_be_a_file_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"--out junit: .* is a folder; name a file in it"):
        files.check(tmp_path, "--out junit")
    with pytest.raises(BadInput, match=r"there is no folder .*gone; mkdir -p"):
        files.check(tmp_path / "gone" / "out.xml", "--out junit")
    files.check(tmp_path / "out.xml", "--out junit")
