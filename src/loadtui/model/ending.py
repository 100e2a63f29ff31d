"""How a run ended, for whoever reads its verdict: a summary's files, a build."""

from __future__ import annotations

from typing import Literal

import msgspec

from loadtui.errors import ExitCode

Verdict = Literal["passed", "failed", "interrupted", "aborted", "not lifted", "error"]

_BY_CODE: dict[int, Verdict] = {
    ExitCode.OK: "passed",
    ExitCode.THRESHOLD: "failed",
    ExitCode.INTERRUPTED: "interrupted",
    ExitCode.ABORTED: "aborted",
    ExitCode.NOT_LIFTED: "not lifted",
}


class Ending(msgspec.Struct, frozen=True):
    """`code`: the exit code; `error`: what ended the run, "" when it came to its end; `strict`:
    whether a threshold without data fails the run; `unlifted`: faults that are still on.
    """

    code: int
    error: str = ""
    strict: bool = False
    unlifted: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The exit code in a word."""
        return _BY_CODE.get(self.code, "error")

    @property
    def is_whole(self) -> bool:
        """Whether the run came to its end, so that its thresholds say all there is to say."""
        return self.code in {ExitCode.OK, ExitCode.THRESHOLD}
