"""`python -m bench [engine|ui|relay] [options]`: measure on this machine, now; or all in turn."""

from __future__ import annotations

import sys

from bench import compare, relay, ui

BENCHES = {"engine": compare.main, "ui": ui.main, "relay": relay.main}


def main(words: list[str]) -> int:
    """Run one, or all in turn; the first exit code that is not 0 counts."""
    if words and words[0] in BENCHES:
        return BENCHES[words[0]](words[1:])
    if words:
        sys.stderr.write(f"python -m bench [{'|'.join(BENCHES)}] [options]\n")
        return 2
    return next(filter(None, [bench([]) for bench in BENCHES.values()]), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
