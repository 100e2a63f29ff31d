"""`python -m loadtui.toxiproxy`: the embedded server as a process, for whoever starts it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from loadtui.errors import SetupFailed
from loadtui.toxiproxy.server import HOST, PORT, Place, serve
from loadtui.toxiproxy.settings import ORIGINAL_WAYS, Settings


def main(arguments: Sequence[str]) -> int:
    """Run the server; returns what the process tells its caller."""
    options = _parser().parse_args(arguments)
    place = Place(options.host, options.port, options.config, options.lifeline)
    ways = tuple(dict.fromkeys(options.original))
    try:
        serve(place, Settings(options.seed, ways, options.proxy_metrics))
    except SetupFailed as error:
        sys.stderr.write(f"loadtui.toxiproxy: {error}\n")
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loadtui.toxiproxy", description=__doc__)
    add = parser.add_argument
    add("--host", default=HOST)
    add("--port", type=int, default=PORT)
    add("--config", type=Path, metavar="FILE")
    add("--seed", type=int, metavar="N")
    add("--proxy-metrics", action="store_true")
    add("--original", action="append", choices=ORIGINAL_WAYS, default=[], metavar="WAY")
    add("--lifeline", type=int, metavar="FD")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
