"""`python -m bench [engine|ui] [options]`: measure on this machine, now; without a word, both."""

from __future__ import annotations

import sys

from bench import compare, ui

BENCHES = {"engine": compare.main, "ui": ui.main}


def main(words: list[str]) -> int:
    """Run one, or one after the other; the first exit code that is not 0 counts."""
    if words and words[0] in BENCHES:
        return BENCHES[words[0]](words[1:])
    if words:
        sys.stderr.write(f"python -m bench [{'|'.join(BENCHES)}] [options]\n")
        return 2
    return next(filter(None, [bench([]) for bench in BENCHES.values()]), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
