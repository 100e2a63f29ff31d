"""The whole program, where a session that starts a server of its own starts a given kind.

python -m tests.support.own_server KIND WORDS...
"""

from __future__ import annotations

import sys

from loadtui.cli.main import main
from tests.support.toxiproxy_server import KINDS, let_start

if __name__ == "__main__":
    wanted = sys.argv.pop(1)
    let_start(next(kind for kind in KINDS if kind == wanted), setattr)
    main()
