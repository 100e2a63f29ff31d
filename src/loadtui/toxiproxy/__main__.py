"""`python -m loadtui.toxiproxy`: the embedded server as a process."""

from __future__ import annotations

import sys

from loadtui.toxiproxy.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
