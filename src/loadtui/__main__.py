"""`python -m loadtui`."""

from __future__ import annotations

from loadtui.cli.main import main

if __name__ == "__main__":
    main()
