"""What every test stands on: a home of its own, no settings from outside, and no silent skips."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import hypothesis
import pytest

# Each would change what loadtui reads, where it connects or how it draws.
_FROM_OUTSIDE = (
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_WORKSPACE",
    "LINES",
    "NO_COLOR",
    "TEXTUAL",
    "TEXTUAL_COLOR_SYSTEM",
    "TOXIPROXY_URL",
)
_XDG = {
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_RUNTIME_DIR": "run",
    "XDG_STATE_HOME": "state",
}

_home = pytest.StashKey[Path]()
_outside = pytest.StashKey[dict[str, str]]()

# The same examples in every run: a red test is red for everybody. No deadline: cores are shared.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Give the whole session, its child processes included, an empty home."""
    home = Path(tempfile.mkdtemp(prefix="loadtui-"))
    config.stash[_home] = home
    config.stash[_outside] = dict(os.environ)
    for name in _FROM_OUTSIDE:
        os.environ.pop(name, None)
    os.environ["HOME"] = str(home)
    for name, folder in _XDG.items():
        place = home / folder
        place.mkdir(mode=0o700)
        os.environ[name] = str(place)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put the environment back and remove the home."""
    outside = config.stash[_outside]
    os.environ.clear()
    os.environ.update(outside)
    shutil.rmtree(config.stash[_home], ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what did not run and why; a skip that nobody reads is a test that does not exist."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", ()))
    if not reasons:
        return
    terminalreporter.section("not run", sep="-", yellow=True)
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"{count} x {reason}", yellow=True)


def _reason(report: pytest.TestReport) -> str:
    # A skip's longrepr is (file, line, "Skipped: reason").
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
