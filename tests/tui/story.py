"""A seeded story of a system under load, told as snapshots: orders behind payments and a database.

Its numbers are invented and belong to pictures and tests of the screen only.
"""

from __future__ import annotations

import random
from math import log2

import msgspec

from loadtui.model.generator import Generator
from loadtui.model.history import SHELVES, Heat, History, Point
from loadtui.model.marker import Marker
from loadtui.model.snapshot import (
    Chaos,
    Comparison,
    Endpoint,
    Phase,
    Snapshot,
    SpikeStatus,
    Stats,
    Total,
)
from tests.tui.orders import ENDPOINTS, FAILED_LIMIT, PROXIES, SERVER, SLO, thresholds

TICK = 0.25


class Second(msgspec.Struct, frozen=True):
    """What one tick measured."""

    at: float
    vus: float
    rate: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    failed: float | None = None
    timeouts: float | None = None


class Story:
    """The fake system; `until` advances it, `snapshot` shows it."""

    def __init__(self, seed: int = 7) -> None:
        """Start at rest."""
        self._dice = random.Random(seed)
        self._wobbles: dict[str, float] = {}
        self.at = 0.0
        self.target, self.active = 0, 0.0
        self.spike: tuple[int, float] | None = None
        self.effect = self.breaker = self.fault_for = 0.0
        self.fault: Marker | None = None
        self.lifted: float | None = None
        self.panic = ""
        self.requests = 0
        self.ticks: list[Second] = []
        self.markers: list[Marker] = []
        self._failing: dict[str, bool] = {}

    # -- acts ------------------------------------------------------------------------------------
    def mark(self, **fields: object) -> Marker:
        """Add a marker."""
        marker = Marker(number=len(self.markers) + 1, at=self.at, **fields)  # type: ignore[arg-type]
        self.markers.append(marker)
        return marker

    def aim(self, target: int) -> None:
        """Move the target."""
        words = f"{self.target} → {target}"
        self.mark(kind="act", what="VUs up", detail=words, short=f"{target} VUs")
        self.target = target

    def surge(self, factor: int, seconds: float) -> None:
        """Start a spike."""
        self.spike = (self.target, self.at + seconds)
        detail = f"{self.target} → {self.target * factor} for {seconds:.0f} s"
        self.mark(kind="act", what=f"spike ×{factor}", detail=detail, short=f"spike ×{factor}")
        self.target *= factor

    def inject(self) -> None:
        """Add two seconds of latency to payments."""
        self.fault = self.mark(
            kind="fault",
            what="latency payments",
            short="latency payments",
            detail="2\u00a0000 ms ±100 ↓",
            open=True,
        )

    def lift(self, *, cut_short: bool = False) -> None:
        """Take it away."""
        if self.fault is None:
            return
        self.lifted = self.at
        tail = "cut short" if cut_short else "measuring recovery…"
        self._change(self.fault.number, open=False, ended=self.at, tail=tail)

    def stop_all(self) -> None:
        """Panic."""
        self.lift(cut_short=True)
        self.panic, self.target, self.active, self.spike = "key", 0, 0.0, None
        self.mark(
            kind="panic",
            what="PANIC",
            short="PANIC",
            detail="load stopped · 1 fault lifted, verified",
        )

    def _change(self, number: int, **fields: object) -> None:
        self.markers[number - 1] = msgspec.structs.replace(self.markers[number - 1], **fields)
        if self.fault is not None and self.fault.number == number:
            self.fault = self.markers[number - 1]

    # -- the system --------------------------------------------------------------------------------
    def until(self, end: float) -> Story:
        """Advance to that second."""
        while self.at < end - 1e-9:
            self._tick()
        return self

    def _wobble(self, key: str, size: float) -> float:
        self._wobbles[key] = 0.86 * self._wobbles.get(key, 0.0) + self._dice.gauss(0, size)
        return 1 + self._wobbles[key]

    def _tick(self) -> None:
        self.at += TICK
        if self.spike and self.at >= self.spike[1]:
            self.target, self.spike = self.spike[0], None
        gap = self.target - self.active
        rate = 1.2 if self.spike or gap < 0 else 0.28
        self.active += gap if abs(gap) <= 1 else max(-60.0, min(60.0, gap * rate))
        on = self.fault is not None and self.fault.open
        self.fault_for = self.fault_for + TICK if on else 0.0
        self.effect += ((1.0 if on else 0.0) - self.effect) * (0.16 if on else 0.115)
        want = 1.0 if self.fault_for > 9 else 0.0
        self.breaker += (want - self.breaker) * (0.25 if want else 0.16)
        self.ticks.append(self._measure() if self.active >= 0.5 else Second(self.at, self.active))
        self._judge()

    def _measure(self) -> Second:
        effect, breaker, load = self.effect, self.breaker, self.active / 120
        calm = 62 + 22 * load**1.5 - 14 * breaker
        p50 = (calm + 60 * effect * (1 - breaker)) * self._wobble("p50", 0.012)
        p95 = 150 + 62 * load**1.35 + 2100 * effect * (1 - 0.04 * breaker)
        p95 *= self._wobble("p95", 0.022)
        p99 = (270 + 120 * load**1.4 + 2260 * effect) * self._wobble("p99", 0.03)
        mean = p50 * 1.16 + 920 * effect * (1 - 0.86 * breaker)
        rate = self.active / mean * 1000 * self._wobble("rate", 0.010)
        slow = 0.034 * effect * (1 - 0.7 * breaker) * (1 if self.fault_for > 3 else 0)
        failed = 0.003 + slow + 0.36 * breaker
        failed *= self._wobble("failed", 0.02)
        self.requests += int(rate * TICK)
        return Second(self.at, self.active, rate, p50, p95, max(p95 * 1.07, p99), failed, slow)

    def _judge(self) -> None:
        last = self.ticks[-1]
        if last.p95 is None or last.failed is None:
            return
        failed = f"{last.failed * 100:.1f} %"
        self._cross("p(95)<500", "latency", f"{last.p95:.0f} ms", bad=last.p95 > SLO)
        self._cross("rate<0.01", "errors", failed, bad=last.failed > FAILED_LIMIT)
        if self.lifted is not None and self.at == self.lifted + 14 and self.fault is not None:
            told = self.comparison()
            shown = (told.before, told.during, told.after)
            values = " → ".join(f"{s.p95 or 0:,.0f}".replace(",", "\u00a0") for s in shown)
            tail = "back in its baseline band after 7 s"
            self._change(self.fault.number, outcome=f"p95 {values} ms", tail=tail)

    def _cross(self, source: str, chart: str, value: str, *, bad: bool) -> None:
        if bad == self._failing.get(chart, False):
            return
        self._failing[chart] = bad
        what = source if chart == "latency" else f"http_req_failed {source}"
        words = f"{'fails at' if bad else 'holds again at'} {value}"
        self.mark(kind="bad" if bad else "good", what=what, detail=words, chart=chart)

    # -- what is shown -----------------------------------------------------------------------------
    def stats(self, start: float, end: float) -> Stats:
        """Means over a window of session seconds."""
        found = [s for s in self.ticks if start <= s.at < end and s.rate is not None]
        if not found:
            return Stats()

        def mean(name: str) -> float:
            return float(sum(getattr(each, name) for each in found) / len(found))

        return Stats(
            requests=int(mean("rate") * len(found) * TICK),
            rate=mean("rate"),
            p50=mean("p50"),
            p95=mean("p95"),
            p99=mean("p99"),
            failed=mean("failed"),
            checks=0.998,
        )

    def comparison(self) -> Comparison:
        """Before, during and after the one fault."""
        assert self.fault is not None
        start, lifted = self.fault.at, self.lifted
        before, during = self.stats(start - 30, start), self.stats(start + 1, lifted or self.at)
        if lifted is None:
            return Comparison(self.fault.number, "latency payments", before, during)
        after = self.stats(lifted + 8, lifted + 38)
        cut = self.fault.tail == "cut short"
        back = self.at >= lifted + 14 and not cut
        state = "cut short" if cut else "recovered" if back else "measuring"
        return Comparison(
            self.fault.number,
            "latency payments",
            before,
            during,
            after,
            7.0 if back else None,
            state,
        )

    def history(self) -> History:
        """All whole seconds, with a heat-map that has the points' quantiles."""
        points = self.points(int(self.at))
        return History(points=points, heat=tuple(map(_heat, points)))

    def points(self, seconds: int = 120) -> tuple[Point, ...]:
        """The last whole seconds."""
        out = []
        for k in range(max(1, int(self.at) - seconds + 1), int(self.at) + 1):
            ticks = [s for s in self.ticks if k - 1 < s.at <= k]
            stats = self.stats(k - 1 + 1e-6, k + 1e-6)
            slow = max((s.timeouts or 0 for s in ticks), default=0)
            out.append(
                Point(
                    k,
                    round(ticks[-1].vus),
                    stats.rate,
                    stats.p50,
                    stats.p95,
                    stats.p99,
                    stats.failed,
                    slow if stats.requests else None,
                    "503" if (stats.failed or 0) > 0.05 else "timeout",
                    (stats.p99 or 0) * 1.6 if stats.requests else None,
                )
            )
        return tuple(out)

    def chaos(self) -> Chaos:
        """The panel, with the fault on where it is."""
        if self.fault is None or not self.fault.open:
            return Chaos(state="up", server=SERVER, proxies=PROXIES)
        first, *rest = PROXIES
        left = self.fault.at + 300 - self.at
        slot = msgspec.structs.replace(first.slots[0], on=True, ours=True, left=left)
        hot = msgspec.structs.replace(first, slots=(slot, *first.slots[1:]))
        return Chaos(state="up", server=SERVER, proxies=(hot, *rest))

    def _endpoints(self) -> tuple[Endpoint, ...]:
        points = self.points()[-60:]
        return tuple(
            self._endpoint(points, method, name, share, base)
            for method, name, share, base in ENDPOINTS
        )

    def _endpoint(
        self, points: tuple[Point, ...], method: str, name: str, share: float, base: float
    ) -> Endpoint:
        now, hurt = self.now(), base == 1

        def part(value: float | None, effect: float) -> float | None:
            return None if value is None else value * base / (1 if hurt else 1 + 9 * effect)

        trend = tuple(part(p.p95, max(0.0, ((p.p95 or 0) - SLO) / 1800)) for p in points)
        if not now.requests:
            return Endpoint(name, method, Stats(), trend, SLO if hurt else None)
        failed = (now.failed or 0) * (1 / share if hurt else 0.1)
        stats = Stats(
            requests=int(now.requests * share),
            rate=(now.rate or 0) * share,
            p50=part(now.p50, self.effect),
            p95=part(now.p95, self.effect),
            p99=part(now.p99, self.effect),
            failed=min(1.0, failed),
        )
        return Endpoint(name, method, stats, trend, SLO if hurt else None)

    def now(self) -> Stats:
        """The last seconds."""
        return self.stats(self.at - 1, self.at + 1)

    def phase(self) -> Phase:
        """The session's phase."""
        return "panic" if self.panic else "running" if self.active >= 1 else "idle"

    def snapshot(self, **changes: object) -> Snapshot:
        """The story so far; `changes` replace fields."""
        now = self.now()
        spike = self.spike and SpikeStatus(self.spike[0], self.spike[1] - self.at)
        snapshot = Snapshot(
            at=self.at,
            wall=1.8e9 + self.at,
            phase=self.phase(),
            name="orders-api",
            target_url="http://127.0.0.1:3000",
            target=self.target,
            active=round(self.active),
            step=10,
            spike=spike,
            panic=self.panic,
            now=now,
            total=Total(requests=self.requests),
            points=self.points(),
            errors_now=self._errors(now),
            history=self.history(),
            endpoints=self._endpoints(),
            slo=SLO,
            failed_limit=FAILED_LIMIT,
            thresholds=thresholds(now),
            generator=Generator(
                cpu=0.06 + (now.rate or 0) / 4800, lag=0.002, workers=2, wanted=2, state="ok"
            ),
            chaos=self.chaos(),
            markers=tuple(self.markers),
            comparisons=(self.comparison(),) if self.fault is not None else (),
        )
        return msgspec.structs.replace(snapshot, **changes)

    def _errors(self, now: Stats) -> dict[str, float]:
        rate, failed = now.rate or 0.0, now.failed or 0.0
        return {"503": rate * failed * 0.95, "timeout": rate * 0.01} if failed > 0.05 else {}


def idle() -> Story:
    """Nothing was done yet."""
    return Story().until(2)


def steady() -> Story:
    """120 VUs, and a spike is over."""
    story = idle().until(4)
    story.aim(120)
    story.until(22).surge(3, 12)
    return story.until(49)


def fault() -> Story:
    """Latency on payments for 20 s: the SLO is broken."""
    story = steady().until(52)
    story.inject()
    return story.until(72)


def after() -> Story:
    """Lifted after 26 s, and back."""
    story = fault().until(78)
    story.lift()
    return story.until(112)


def panicked() -> Story:
    """Panic during the fault."""
    story = fault()
    story.stop_all()
    return story.until(84)


def _heat(point: Point) -> Heat:
    """Half of the requests around p50, the others thinning out towards the slowest."""
    ends = (point.p50, point.p95, point.p99, point.high)
    if None in ends or not point.rate:
        return Heat(point.at, {})
    p50, p95, p99, high = (round(SHELVES * log2(each * 1000)) for each in ends if each)
    counts: dict[int, int] = {}
    parts = ((p50 - 4, p50, 0.5), (p50, p95, 0.45), (p95, p99, 0.04), (p99, high, 0.01))
    for low, top, share in parts:
        for shelf in range(low, max(low, top) + 1):
            count = max(1, round(point.rate * share / (max(low, top) - low + 1)))
            counts[shelf] = counts.get(shelf, 0) + count
    return Heat(point.at, counts)
