from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

# Says how it was ended. It waits for signals rather than handling them: a handler's flag set just
# before a sleep begins is seen only after it.
TELLS_ITS_END = """
import os, signal
asked = {signal.SIGINT, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, asked)
print("ready", flush=True)
print(signal.sigwait(asked).name, flush=True)
os._exit(7)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(30)
"""


class Supervised:
    """A supervisor with a lifeline whose other end is ours."""

    def __init__(self, *words: str) -> None:
        lifeline, self.ours = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "loadtui.supervisor", "--lifeline", str(lifeline), *words],
            pass_fds=(lifeline,),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        os.close(lifeline)
        self._whole = True

    def cut(self) -> None:
        """Let the lifeline reach its end."""
        if self._whole:
            self._whole = False
            os.close(self.ours)

    def line(self) -> str:
        """Return the next line of the program."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def rest(self) -> tuple[int, str, str]:
        """Wait for the end; return exit code, rest of stdout, stderr."""
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@pytest.fixture
def supervise() -> Iterator[type[Supervised]]:
    """Give the class; whatever was started with it is ended."""
    started: list[Supervised] = []

    class Kept(Supervised):
        def __init__(self, *words: str) -> None:
            super().__init__(*words)
            started.append(self)

    yield Kept
    for each in started:
        each.cut()
        each.rest()


def python(text: str) -> tuple[str, ...]:
    return "--", sys.executable, "-c", text


@pytest.mark.parametrize(
    ("text", "code"),
    [("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 9)", 128 + 9)],
)
def test_the_programs_own_end_is_passed_on(
    supervise: type[Supervised], text: str, code: int
) -> None:
    assert supervise(*python(text)).rest()[0] == code


def test_a_cut_lifeline_ends_the_program_with_the_signal_it_wants(
    supervise: type[Supervised],
) -> None:
    supervised = supervise("--signal", "INT", *python(TELLS_ITS_END))
    assert supervised.line() == "ready"
    supervised.cut()
    assert supervised.rest() == (7, "SIGINT\n", "")


def test_sigterm_to_the_supervisor_ends_the_program(supervise: type[Supervised]) -> None:
    supervised = supervise(*python(TELLS_ITS_END))
    assert supervised.line() == "ready"
    supervised.process.terminate()
    assert supervised.rest() == (7, "SIGTERM\n", "")


def test_a_program_that_does_not_listen_is_killed_after_the_grace(
    supervise: type[Supervised],
) -> None:
    supervised = supervise("--grace", "0.2", *python(STUBBORN))
    assert supervised.line() == "ready"
    supervised.cut()
    code, _, said = supervised.rest()
    assert code == 128 + signal.SIGKILL
    assert "did not end within 0.2 s: killed" in said


def test_the_signals_of_a_terminal_reach_neither(supervise: type[Supervised]) -> None:
    supervised = supervise(*python(TELLS_ITS_END))
    assert supervised.line() == "ready"
    supervised.process.send_signal(signal.SIGINT)
    supervised.process.send_signal(signal.SIGHUP)
    supervised.process.terminate()
    assert supervised.rest() == (7, "SIGTERM\n", "")


def test_the_program_starts_with_default_signals_no_input_and_no_lifeline(
    supervise: type[Supervised],
) -> None:
    text = """
import os, signal, sys
print([signal.getsignal(s) == signal.SIG_DFL for s in (signal.SIGHUP, signal.SIGTERM)],
      signal.getsignal(signal.SIGINT) == signal.default_int_handler,
      repr(sys.stdin.read()), sorted(map(int, os.listdir("/dev/fd")))[:3], sys.argv[1:])
print(len(os.listdir("/dev/fd")))
"""
    supervised = supervise(*python(text), "-host", "127.0.0.1", "--lifeline", "9")
    code, out, _ = supervised.rest()
    # Standard input, output, error and the one that listdir itself needs.
    assert out == "[True, True] True '' [0, 1, 2] ['-host', '127.0.0.1', '--lifeline', '9']\n4\n"
    assert code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="needs PR_SET_PDEATHSIG, which is Linux's")
def test_a_killed_supervisor_takes_the_program_along(supervise: type[Supervised]) -> None:
    supervised = supervise(*python(TELLS_ITS_END))
    assert supervised.line() == "ready"
    supervised.process.kill()
    # The program holds stdout: its end is the program's end.
    assert supervised.rest() == (-signal.SIGKILL, "SIGTERM\n", "")


def test_root_gives_the_program_to_another_user_and_anybody_else_keeps_it(
    supervise: type[Supervised],
) -> None:
    code, out, _ = supervise("--user", "nobody", "--", "id", "-u").rest()
    expected = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    assert (code, out) == (0, f"{expected}\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--", "./no-such-program"), 127, "no-such-program cannot be started: "),
        (("--lifeline", "999", "--", "true"), 2, "lifeline 999: "),
        (("--signal", "LOUD", "--", "true"), 2, "no signal 'LOUD'"),
        ((), 2, "required: CMD"),
    ],
)
def test_what_cannot_be_done_is_said(
    supervise: type[Supervised], words: tuple[str, ...], code: int, said: str
) -> None:
    ended, _, text = supervise(*words).rest()
    assert ended == code
    assert said in text
