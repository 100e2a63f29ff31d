"""What came of all rounds: medians, ratios to loadtui, and the goals."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from bench.figure import Figure, below
from bench.reading import Crowd, Rate, Truth

OURS, PAIR = "loadtui", "loadtui, 2 workers on 2 cores"


@dataclass
class Findings:
    """Rounds by what was measured and by tool, in the order in which they came.

    `alone`: figures that no peer has. `notes`: what is missing, and why.
    """

    rates: dict[str, dict[str, list[Rate]]] = field(default_factory=dict)
    crowds: dict[int, dict[str, list[Crowd]]] = field(default_factory=dict)
    truths: dict[int, dict[str, list[Truth]]] = field(default_factory=dict)
    alone: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def rate(self, kind: str, name: str) -> Rate | None:
        """The median; None where there is none."""
        rounds = self.rates.get(kind, {}).get(name)
        if not rounds:
            return None
        return Rate(
            median(r.rate for r in rounds),
            median(r.cpu_us for r in rounds),
            median(r.beside for r in rounds),
        )

    def crowd(self, vus: int, name: str) -> Crowd | None:
        """The median; not started in any round counts as never."""
        rounds = self.crowds.get(vus, {}).get(name)
        if not rounds:
            return None
        started = [r.started for r in rounds if r.started is not None]
        return Crowd(
            median(r.kib for r in rounds),
            median(started) if len(started) == len(rounds) else None,
            median(r.cpu_us for r in rounds),
        )

    def kib_each(self, vus: int, name: str) -> float | None:
        """Memory of one VU: what so many need more than one alone, shared out."""
        alone, all_of_them = self.crowd(1, name), self.crowd(vus, name)
        if alone is None or all_of_them is None:
            return None
        return (all_of_them.kib - alone.kib) / vus

    def truth(self, vus: int, name: str) -> Truth | None:
        """The median of each figure."""
        rounds = self.truths.get(vus, {}).get(name)
        if not rounds:
            return None
        return Truth(
            median(r.middle for r in rounds),
            median(r.high for r in rounds),
            median(r.rate for r in rounds),
            (median(r.late[0] for r in rounds), median(r.late[1] for r in rounds)),
        )

    # -- goals -----------------------------------------------------------------------------------

    def goals(self) -> list[Figure]:
        """Each goal that can be judged with the peers that were here."""
        return [
            *self._times("post", "POST + 2 checks, requests/s", "k6 2.2", 5.0),
            *self._times("post", "POST + 2 checks, requests/s", "Locust", 6.0),
            *self._times("post", "POST + 2 checks, requests/s", "wrk", 0.5, its_kind="get"),
            *self._cost("post", "POST + 2 checks, CPU per request", 21.0),
            *self._cost("journey", "the same as a journey, CPU per request", 40.0),
            *self._pair(1.1),
            *self._crowd(10_000),
            *(figure for vus in self.truths for figure in self._truth(vus)),
        ]

    def _times(
        self, kind: str, what: str, peer: str, least: float, *, its_kind: str = ""
    ) -> list[Figure]:
        mine, its = self.rate(kind, OURS), self.rate(its_kind or kind, peer)
        if mine is None or its is None:
            return []
        ratio, whose = mine.rate / its.rate, f"{peer}'s plain GET" if its_kind else peer
        return [Figure(what, f"{ratio:.2f} × {whose}", f"≥ {least:g} × {whose}", ratio >= least)]

    def _cost(self, kind: str, what: str, most: float) -> list[Figure]:
        mine = self.rate(kind, OURS)
        return [] if mine is None else [below(what, mine.cpu_us, most, "µs")]

    def _pair(self, most: float) -> list[Figure]:
        one, two = self.rate("post", OURS), self.rate("post", PAIR)
        if one is None or two is None:
            return []
        ratio = two.cpu_us / one.cpu_us
        reads, goal = f"{ratio:.2f} × one", f"≤ {most:g} × one"
        return [Figure("2 workers, CPU per request", reads, goal, ratio <= most)]

    def _crowd(self, vus: int) -> list[Figure]:
        each, crowd = self.kib_each(vus, OURS), self.crowd(vus, OURS)
        if each is None or crowd is None:
            return []
        started = crowd.started if crowd.started is not None else float("inf")
        return [
            below(f"{vus:,} VUs, memory of each", each, 8.0, "KiB"),
            below(f"{vus:,} VUs, all started", started, 5.0, "s"),
        ]

    def _truth(self, vus: int) -> list[Figure]:
        truth = self.truth(vus, OURS)
        if truth is None:
            return []
        return [
            _within(f"{vus} VUs, error of p50", truth.middle, 0.3),
            _within(f"{vus} VUs, error of p99", truth.high, 2.5),
        ]


def _within(what: str, error: float, most: float) -> Figure:
    return Figure(what, f"{error:+.2f} ms", f"within {most:g} ms", abs(error) <= most)
