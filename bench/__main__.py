"""`python -m bench [engine|ui|relay|churn|outputs] [options]`: measure on this machine, now.

Without a word: all but churn and outputs, which take ten minutes each.
"""

from __future__ import annotations

import sys

from bench import churn, compare, outputs, relay, ui

BENCHES = {"engine": compare.main, "ui": ui.main, "relay": relay.main}
LONG = {"churn": churn.main, "outputs": outputs.main}


def main(words: list[str]) -> int:
    """Run one, or all in turn; the first exit code that is not 0 counts."""
    every = {**BENCHES, **LONG}
    if words and words[0] in every:
        return every[words[0]](words[1:])
    if words:
        sys.stderr.write(f"python -m bench [{'|'.join(every)}] [options]\n")
        return 2
    return next(filter(None, [bench([]) for bench in BENCHES.values()]), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
