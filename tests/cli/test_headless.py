"""When a run without a screen is over."""

from __future__ import annotations

import msgspec
import pytest

from loadtui.cli.headless import is_done, is_left_alone
from loadtui.model.generator import Generator
from loadtui.model.snapshot import Snapshot

RUNNING = Snapshot(at=9.0, wall=9.0, phase="running", name="x", target_url="http://t", target=4)


@pytest.mark.parametrize(
    ("generator", "alone"),
    [
        (Generator(workers=1, wanted=1, state="ok"), False),
        (Generator(workers=0, wanted=1, state="lost", coming=1), False),
        (Generator(workers=0, wanted=1, state="lost", silent=1), False),
        (Generator(workers=0, wanted=2, state="lost"), True),
        (Generator(), False),
    ],
)
def test_a_run_is_left_alone_when_nobody_is_there_and_nobody_comes(
    generator: Generator, alone: bool
) -> None:
    shot = msgspec.structs.replace(RUNNING, generator=generator)
    assert is_left_alone(shot) is alone
    assert is_left_alone(msgspec.structs.replace(shot, phase="panic")) is False


def test_a_run_whose_users_are_missing_is_not_done() -> None:
    lost = Generator(workers=0, wanted=1, state="lost", coming=1)
    assert not is_done(msgspec.structs.replace(RUNNING, generator=lost))
    stopped = msgspec.structs.replace(RUNNING, generator=lost, target=0)
    assert is_done(stopped)
    assert is_done(msgspec.structs.replace(RUNNING, generator=Generator(1, 0.0, 1, 1, "ok")))
