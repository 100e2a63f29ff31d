"""A journey in a worker of its own, told once and heard to its end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

from loadtui.model.executor import Entry, PerVuIterations
from loadtui.model.frame import Ack, Follow, FromWorker, Hello, Said, Setup
from loadtui.model.journey import Code
from loadtui.model.metric import MetricType
from loadtui.model.row import MetricRow, Row
from loadtui.model.scenario import ClientKind, Scenario, Tls
from tests.support.worker_hand import Hand, batches, worker

ONCE = (Entry("default", PerVuIterations(vus=1, iterations=1)),)
"""A plan of one iteration."""


def code(folder: Path, text: str, target: str = "") -> Code:
    """The function `buy` of shop.py in that folder."""
    file = folder / "shop.py"
    file.write_text(dedent(text), encoding="utf-8")
    return Code(file=str(file), function="buy", written="shop.py:buy", target=target)


@contextmanager
def at_work(
    folder: Path,
    text: str,
    target: str,
    *,
    metrics: dict[str, MetricType] | None = None,
    entries: tuple[Entry, ...] = (),
    client: ClientKind = "http1",
    tls: Tls | None = None,
) -> Iterator[Hand]:
    """A worker that was told the scenario and runs nothing yet."""
    scenario = Scenario(
        name="s",
        target=target,
        code=code(folder, text, target),
        metrics=dict(metrics or {}),
        scenarios=entries,
        client=client,
        tls=tls or Tls(),
        env={"WHO": "cust-123"},
    )
    with worker(folder) as hand:
        hand.tell(Setup(scenario, worker=0, workers=1, seed=1))
        yield hand


def until_over(hand: Hand) -> None:
    """Wait until the plan has come to its end."""
    deadline = time.monotonic() + 20.0
    while not hand.until(Ack).is_over:
        assert time.monotonic() < deadline


def followed(hand: Hand) -> None:
    """The plan from now to its end."""
    hand.until(Hello)
    hand.tell(Follow(1, time.perf_counter()))
    until_over(hand)


def ended(hand: Hand) -> list[FromWorker]:
    """Everything that it says until it has ended by the end of its stdin."""
    hand.close_stdin()
    heard = hand.rest()
    assert hand.process.wait(10.0) == 0, hand.log.read_text()
    return heard


def rows(heard: list[FromWorker]) -> list[Row]:
    return [row for batch in batches(heard) for row in batch.rows]


def metric_rows(heard: list[FromWorker], name: str) -> list[MetricRow]:
    return [row for batch in batches(heard) for row in batch.metrics if row.metric == name]


def said(heard: list[FromWorker]) -> list[str]:
    return [message.text for message in heard if isinstance(message, Said)]


def checks(heard: list[FromWorker]) -> dict[str, tuple[int, int]]:
    """Passed and failed of each check."""
    passed, failed = Counter[str](), Counter[str]()
    for row in rows(heard):
        for name, (good, bad) in row.checks.items():
            passed[name] += good
            failed[name] += bad
    return {name: (passed[name], failed[name]) for name in passed | failed}


def iterations(heard: list[FromWorker]) -> tuple[int, int, int]:
    """Ended, failed and cut."""
    cells = [each for batch in batches(heard) for each in batch.iterations]
    return (
        sum(each.ended for each in cells),
        sum(each.failed for each in cells),
        sum(each.cut for each in cells),
    )
