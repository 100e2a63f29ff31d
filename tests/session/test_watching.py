"""Watched processes in a session's memory: thresholds, markers, trails."""

from __future__ import annotations

from loadtui.model.scenario import Scenario
from loadtui.model.threshold import parse
from loadtui.model.watch import Watch, Watched
from loadtui.session.effect import Mark
from loadtui.session.verdicts import Verdicts, store_for
from loadtui.session.watching import Watching

START = 1000.0
RULES = (
    parse("watch_memory{process:api}", "value<100"),
    parse("watch_memory{process:api}", "value<100 over 5s"),
    parse("watch_up{process:api}", "value==1"),
    parse("watch_files{process:db}", "value<=3"),
)
SHOP = Scenario(
    name="shop",
    target="http://h",
    watch=(Watch("api", 5), Watch("db", 6)),
    thresholds=RULES,
)


def api(memory: float, pid: int = 5) -> Watched:
    return Watched("api", pid, memory=memory, cpu=0.5, files=10.0)


GONE = Watched("api", 5, gone=0.0)
DB = Watched("db", 6, memory=1.0, files=3.0)


def watched(*looks: Watched) -> tuple[Watching, Verdicts, list[Mark]]:
    """A session in which the API was seen so, once a second."""
    store = store_for(SHOP)
    watching, marks = Watching(SHOP, store, START), []
    verdicts = Verdicts(SHOP)
    for second, look in enumerate(looks):
        marks += list(watching.take((look, DB), START + second))
        verdicts.note_windows(store, int(START) + second + 1, 10**9, START)
    return watching, verdicts, marks


def run_of(looks: tuple[Watched, ...]) -> list[tuple[float | None, bool | None]]:
    watching, verdicts, _ = watched(*looks)
    store = watching._store
    statuses = verdicts.judge(store, int(START) + len(looks), elapsed=9.0, last=True)
    return [(each.run, each.run_ok) for each in statuses]


def test_thresholds_judge_the_newest_value_and_every_window() -> None:
    looks = (*[api(50.0)] * 5, api(150.0), *[api(50.0)] * 5)
    assert run_of(looks) == [(50.0, True), (150.0, False), (1.0, True), (3.0, True)]


def test_a_process_that_is_gone_is_not_up_and_keeps_its_last_value() -> None:
    looks = (*[api(50.0)] * 6, GONE, GONE)
    assert run_of(looks) == [(50.0, True), (None, True), (0.0, False), (3.0, True)]


def test_its_end_and_its_return_are_told_once() -> None:
    watching, _, marks = watched(api(1.0), GONE, GONE, GONE, api(1.0, pid=7), api(1.0, pid=8))
    assert [(mark.kind, mark.what, mark.detail) for mark in marks] == [
        ("bad", "api gone", "process 5 has ended"),
        ("good", "api back", "process 7, after 3s"),
        ("bad", "api restarted", "7 → 8"),
    ]
    assert watching.now[0].gone is None


def test_since_when_it_is_gone_stays_what_it_was() -> None:
    watching, _, _ = watched(api(1.0), GONE, GONE)
    assert watching.now[0].gone == 1.0
    assert watching.now[0].words == "gone"
    assert DB.words.replace("\u00a0", " ") == "1 B · – cpu · 3 files"


def test_trails_remember_how_it_went() -> None:
    watching, _, _ = watched(api(10.0), api(20.0), GONE)
    assert list(watching.trails["api"].memory.values) == [(0.0, 10.0), (1.0, 20.0)]
    assert [value for _, value in watching.trails["db"].files.values] == [3.0, 3.0, 3.0]
