"""The one tree of errors, and the exit codes they lead to.

    LoadtuiError
    ├── BadInput            104  usage, configuration, scenario: nothing was sent
    │   ├── FileError            every problem of a file at once, each with its place
    │   │   └── ScenarioError        that file is a scenario
    │   └── TargetRefused        a target off loopback that nobody allowed
    ├── SetupFailed         107  a journey, a worker or a part of the demo could not start
    ├── OutputFailed             a file of results could not be written; the verdict stands
    ├── ControlError             Toxiproxy's control API refused or did not answer
    │   ├── ServerLost           nothing listens there, or the connection broke
    │   └── ServerStuck          it accepts connections but does not answer in time

An expected failure (a refused connection, a broken threshold) is data, never one of these.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller; k6's numbers where k6 has one."""

    OK = 0
    THRESHOLD = 99
    BAD_INPUT = 104
    INTERRUPTED = 105
    SETUP = 107
    ABORTED = 108
    NOT_LIFTED = 111


class LoadtuiError(Exception):
    """Anything that ends a command with one clear message: what is wrong, then what to do."""

    exit_code = ExitCode.SETUP

    def __init__(self, what: str, *, hint: str = "") -> None:
        """Keep the sentence (`what`) and the advice (`hint`, may be empty) apart."""
        super().__init__(what)
        self.what, self.hint = what, hint

    def __str__(self) -> str:
        return f"{self.what}; {self.hint}" if self.hint else self.what


class BadInput(LoadtuiError):
    """Something the user wrote cannot be used."""

    exit_code = ExitCode.BAD_INPUT


class FileError(BadInput):
    """Every problem of a file at once; `problems` are lines `file:line:column: what; what to
    do`.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep the lines, in the order of their places."""
        super().__init__("\n".join(problems))
        self.problems = problems


class ScenarioError(FileError):
    """Every problem of a scenario."""


class TargetRefused(BadInput):
    """The target is not loopback and not allowed."""


class SetupFailed(LoadtuiError):
    """A part that must run before the first request could not be started."""


class OutputFailed(LoadtuiError):
    """A file of results could not be written."""


class ControlError(LoadtuiError):
    """Toxiproxy refused a call (`status` ≥ 400) or gave no usable answer (`status` 0)."""

    def __init__(self, status: int, text: str) -> None:
        """Keep the status and the server's own text."""
        super().__init__(f"{status or 'no answer'}: {text}")
        self.status, self.text = status, text


class ServerLost(ControlError):
    """Nothing listens where the control API should be, or the connection broke."""


class ServerStuck(ControlError):
    """The control API accepts connections but does not answer in time."""
