from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from loadtui.chaos.frames import (
    Bye,
    Forgotten,
    Heartbeat,
    Lifted,
    PanicAnswer,
    PanicAsked,
    Pong,
    Recorded,
)
from loadtui.chaos.vigil import (
    LATE,
    MERCY,
    PATIENCE,
    SILENCE,
    Act,
    Answer,
    Say,
    StopLoad,
    Undo,
    Vigil,
    Write,
)
from loadtui.model.ledger import Change, Entry, Lift
from loadtui.model.toxic import Proxy, Toxic

SLOW = Toxic("slow", "latency", "downstream", 1.0, {"latency": 2000})
SLOWER = msgspec.structs.replace(SLOW, attributes={"latency": 3000})
OWN = Proxy("own", "127.0.0.1:1", "127.0.0.1:2")


def fault(number: int, *, confirmed: bool = True, deadline: float | None = 1e12) -> Entry:
    change = Change(f"proxy{number}", "toxic", "slow", None, SLOW)
    seen = SLOW if confirmed else msgspec.UNSET
    return Entry(number, "http://s", change, deadline, confirmed=confirmed, seen=seen)


OURS = Entry(9, "http://s", Change("own", "proxy", "", None, OWN), None, confirmed=True, seen=OWN)


class Play:
    """A vigil with a clock in hand; attempts end when the test says so."""

    def __init__(self, *entries: Entry) -> None:
        self.now, self.wall = 100.0, 1000.0
        self.vigil = Vigil(4711, self.now)
        self.acts: list[Act] = []
        for entry in entries:
            self.hear(Recorded(entry))

    def hear(self, *frames: Recorded | Forgotten | Heartbeat | Bye) -> list[Act]:
        acts = [act for frame in frames for act in self.vigil.hear(frame, self.now)]
        return self._keep(acts)

    def wait(self, seconds: float) -> list[Act]:
        self.now, self.wall = self.now + seconds, self.wall + seconds
        return self._keep(self.vigil.tick(self.now, self.wall))

    def part(self) -> list[Act]:
        return self._keep(self.vigil.parted(self.now))

    def ask(self, client: int = 1) -> list[Act]:
        return self._keep(self.vigil.asked("loadtui panic", client, self.now))

    def end(self, undo: Act, result: str = "done") -> list[Act]:
        """The attempt ends: with every entry done, left or failed."""
        assert isinstance(undo, Undo)
        lifts = [
            Lift(entry, result, f"{entry.id} {result}", ("by hand",))  # type: ignore[arg-type]
            for entry in undo.entries
        ]
        return self._keep(self.vigil.tried(undo.purpose, lifts, self.now))

    def is_finished(self) -> bool:
        return self.vigil.finished

    def answers(self) -> list[PanicAnswer]:
        return [act.answer for act in self.acts if isinstance(act, Answer)]

    def _keep(self, acts: list[Act]) -> list[Act]:
        self.acts += acts
        return acts


def ids(act: Act) -> list[int]:
    assert isinstance(act, Undo)
    return [entry.id for entry in act.entries]


def undos(acts: Sequence[Act]) -> list[Undo]:
    return [act for act in acts if isinstance(act, Undo)]


def test_a_session_that_lives_and_has_nothing_overdue_is_left_alone() -> None:
    play = Play(fault(1), OURS)
    for number in range(40):
        assert play.hear(Heartbeat(number)) == [Say(Pong(number))]
        assert play.wait(SILENCE / 2) == []


def test_a_closed_pipe_stops_the_load_lifts_everything_and_ends() -> None:
    play = Play(fault(1), fault(2), OURS)
    assert play.part() == [StopLoad()]
    (undo,) = play.wait(0.1)
    assert ids(undo) == [1, 2, 9]
    done = play.end(undo)
    assert [act.line for act in done if isinstance(act, Write)] == [
        Forgotten(1),
        Forgotten(2),
        Forgotten(9),
    ]
    assert not play.is_finished()
    assert play.wait(0.1) == []
    assert play.is_finished()
    assert play.part() == [], "the end of the pipe after a Bye says nothing new"


def test_a_clean_goodbye_ends_at_once() -> None:
    play = Play(fault(1))
    play.hear(Forgotten(1), Bye())
    assert undos(play.wait(0.1)) == []
    assert play.is_finished()


def test_silence_stops_the_load_and_lifts_faults_but_the_session_may_come_back() -> None:
    play = Play(fault(1), OURS)
    assert play.wait(SILENCE - 0.1) == []
    stop, said, undo = play.wait(0.2)
    assert stop == StopLoad()
    assert said == Say(PanicAsked("the watchdog: no sign of life for 10 s"))
    assert ids(undo) == [1]
    assert Say(Lifted((Lift(fault(1), "done", "1 done", ("by hand",)),))) in play.end(undo)
    play.wait(1)
    assert not play.is_finished()
    play.hear(Heartbeat(7), Recorded(fault(2)))
    assert play.wait(SILENCE - 0.1) == [], "a fault from after it came back is not touched"
    assert undos(play.wait(0.2)), "and silence counts anew"


def test_silence_is_said_once() -> None:
    play = Play()
    play.wait(SILENCE)
    assert play.wait(SILENCE) == []


def test_what_fails_is_tried_again_for_a_minute() -> None:
    play = Play(fault(1))
    play.part()
    tries = 0
    while not play.is_finished():
        for undo in undos(play.wait(0.5)):
            tries += 1
            play.end(undo, "failed")
    assert tries > 50
    assert play.now - 100.0 == pytest.approx(PATIENCE, abs=1)
    assert play.vigil.ledger.entries == (fault(1),), "and stays in the file"


def test_one_attempt_at_a_time() -> None:
    play = Play(fault(1))
    play.part()
    (undo,) = undos(play.wait(0.1))
    assert play.wait(30) == []
    play.wait(PATIENCE)
    assert not play.is_finished(), "an attempt under way is waited for"
    play.end(undo)
    play.wait(0.1)
    assert play.is_finished()


def test_an_unconfirmed_intent_is_looked_at_until_no_call_can_land_any_more() -> None:
    play = Play(fault(1, confirmed=False))
    play.part()
    # The server does not answer for a long time, then it does.
    for result in ["failed"] * 20 + ["done"] * 3 + ["failed"]:
        (undo,) = undos(play.wait(1.0))
        play.end(undo, result)
    answered = play.now + 1.0
    while not play.is_finished():
        for undo in undos(play.wait(0.5)):
            play.end(undo)
    assert play.now - answered == pytest.approx(LATE, abs=1)


def test_an_overdue_fault_is_lifted_after_a_moment_for_the_session_to_do_it() -> None:
    play = Play(fault(1, deadline=1005.0), fault(2))
    play.hear(Heartbeat(1))
    assert play.wait(5 + MERCY - 0.1) == []
    (undo,) = play.wait(0.2)
    assert ids(undo) == [1]
    closed = play.end(undo)
    assert isinstance(closed[-1], Say)
    assert [entry.id for entry in play.vigil.ledger.entries] == [2]


def test_an_overdue_fault_that_was_changed_during_the_attempt_stays_open() -> None:
    play = Play(fault(1, deadline=1000.0))
    (undo,) = play.wait(2)
    newer = Entry(1, "http://s", Change("proxy1", "toxic", "slow", None, SLOWER), 1e12)
    play.hear(Recorded(newer))
    assert play.end(undo) == []
    assert play.vigil.ledger.entries == (newer,)


def test_a_panic_stops_the_load_tells_the_session_lifts_and_answers() -> None:
    play = Play(fault(1), fault(2), OURS)
    assert play.ask() == [StopLoad(), Say(PanicAsked("loadtui panic"))]
    (undo,) = play.wait(0.1)
    assert ids(undo) == [1, 2]
    play.now += 0.2
    play.end(undo)
    play.wait(0.1)
    (answer,) = play.answers()
    assert answer.ok
    assert answer.text == ("session 4711: load stopped · 2 faults lifted, verified in 0.4 s")


def test_a_panic_without_faults_is_answered_at_once() -> None:
    play = Play(OURS)
    play.ask()
    play.wait(0.0)
    assert play.answers() == [PanicAnswer("session 4711: load stopped · no fault was on")]


def test_a_panic_that_cannot_lift_says_what_is_still_on_and_how_to_lift_it() -> None:
    play = Play(fault(1))
    play.ask()
    for _ in range(6):
        for undo in undos(play.wait(1)):
            play.end(undo, "failed")
    (answer,) = play.answers()
    assert not answer.ok
    assert answer.text == (
        "session 4711: load stopped · slow on proxy1 NOT lifted yet: 1 failed; by hand: by hand"
    )


def test_a_panic_while_the_server_says_nothing_at_all_is_answered_too() -> None:
    play = Play(fault(1))
    play.ask()
    play.wait(0.1)
    play.wait(5.0)
    assert "slow on proxy1 NOT lifted yet" in play.answers()[0].text


def test_a_panic_names_what_somebody_else_changed() -> None:
    play = Play(fault(1))
    play.ask()
    (undo,) = undos(play.wait(0.1))
    play.end(undo, "left")
    play.wait(0.1)
    assert play.answers() == [PanicAnswer("session 4711: load stopped · left alone: 1 left")]


def test_an_unconfirmed_intent_does_not_keep_who_asked_for_a_panic_waiting() -> None:
    play = Play(fault(1, confirmed=False))
    play.ask()
    (undo,) = undos(play.wait(0.1))
    play.end(undo)
    play.wait(0.1)
    assert play.answers()[0].ok
    assert play.vigil.is_busy, "but it is looked at further"


def test_two_who_ask_are_both_answered() -> None:
    play = Play(fault(1))
    play.ask(1)
    (undo,) = undos(play.wait(0.1))
    play.ask(2)
    play.end(undo)
    play.wait(0.1)
    assert [act.client for act in play.acts if isinstance(act, Answer)] == [1, 2]


def test_the_session_may_die_during_a_panic() -> None:
    play = Play(fault(1), OURS)
    play.ask()
    (undo,) = undos(play.wait(0.1))
    play.part()
    play.end(undo)
    (rest,) = undos(play.wait(1))
    assert ids(rest) == [9]
    play.end(rest)
    play.wait(1)
    assert play.is_finished()
    assert play.answers()
