"""A folder that PostgreSQL's unprivileged user can reach, which pytest's own are not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def open_path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="loadtui-test-") as folder:
        path = Path(folder)
        path.chmod(0o711)
        yield path
