from __future__ import annotations

import msgspec
import pytest

from loadtui.model.generator import Generator
from loadtui.model.history import Point
from loadtui.model.marker import Marker
from loadtui.model.result import MetricResult, Section, Shape
from loadtui.model.snapshot import (
    Chaos,
    Comparison,
    CustomMetric,
    ProxyStatus,
    Slot,
    Snapshot,
    Stats,
    Total,
    Trend,
)
from loadtui.model.toxic import Toxic
from loadtui.model.verdict import ThresholdStatus, WindowValue
from loadtui.outputs.summary import MOST_LINES, summary

RUN = Stats(requests=12034, rate=96.3, p50=21.2, p95=214.1, p99=480.4, failed=0.0012, checks=0.99)
SLOW = Stats(requests=900, rate=30.0, p50=2100, p95=2250, p99=2400, failed=0.05, checks=0.9)
POINTS = [Point(at=float(i), vus=10, rate=96.0, p95=214.0) for i in range(1, 60)]

FULL = Snapshot(
    at=125.4,
    wall=0,
    phase="ended",
    name="orders",
    target_url="http://127.0.0.1:3000",
    total=Total(
        requests=12034,
        failed=14,
        cut=3,
        iterations=6017,
        iterations_failed=2,
        bytes_in=3_100_000,
        bytes_out=1_200_000,
        statuses={201: 6000, 200: 6020, 503: 12},
        errors={"timeout": 2},
        checks={"status is 201": (6010, 7), "has order id": (6017, 0)},
        counters={"order_created": 5995},
        stats=RUN,
        low=1.2,
        high=2250,
        mean=25.1,
    ),
    endpoint_totals=(("create_order", RUN), ("get_order", SLOW)),
    thresholds=(
        ThresholdStatus("p(95)<500", run=214.1, run_ok=True, unit="ms"),
        ThresholdStatus("http_req_failed rate<0.001", run=0.0012, run_ok=False, unit="%"),
        ThresholdStatus("order_created count>100", run=5995, run_ok=True),
        ThresholdStatus("checks rate>0.99", unit="%", no_data=True),
        ThresholdStatus("p(95)<800 over 10s", run_ok=True, unit="ms", windows=116),
    ),
    markers=(
        Marker(number=1, at=1, kind="act", what="+10 VUs", detail="0 → 10"),
        Marker(
            number=2, at=40, kind="fault", what="latency on payments", detail="2 000 ms", ended=80
        ),
    ),
    comparisons=(
        Comparison(
            2,
            "latency on payments",
            before=RUN,
            during=SLOW,
            after=RUN,
            recovery=7.2,
            state="recovered",
            baseline_marked=True,
        ),
    ),
    generator=Generator(cpu=0.31, lag=0.0034, workers=1, wanted=1, state="ok"),
    journal="sessions/orders.ndjson",
)


def text_of(snapshot: Snapshot, *, width: int = 100, colour: bool = False) -> str:
    """The summary with plain spaces for no-break ones."""
    return summary(snapshot, (), width=width, colour=colour).replace("\u00a0", " ")


def test_everything_a_run_leaves_behind() -> None:
    assert (
        text_of(FULL)
        == """\
  orders · http://127.0.0.1:3000 · 2:05

  █ THRESHOLDS over the run: 1 of 5 failed
    ✓ p(95)<500                   214 ms
    ✗ http_req_failed rate<0.001  0.12 %
    ✓ order_created count>100     5 995
    – checks rate>0.99            no data
    ✓ p(95)<800 over 10s          held in all 116 windows

  █ TOTALS
    checks .............. 99.9 %  12 027 of 12 034
      ✗ status is 201 ... 99.9 %  7 of 6 017 failed
      ✓ has order id .... 100 %
    http_req_duration ... p50 21.2 ms  p95 214 ms  p99 480 ms
      and ............... avg 25.1 ms  min 1.2 ms  max 2 250 ms
    http_req_failed ..... 0.12 %  14 of 12 034
    http_reqs ........... 12 034  96.3/s
    iterations .......... 6 017, 2 failed
    data received, sent . 3.1 MB, 1.2 MB
    statuses ............ 200 ×6 020, 201 ×6 000, 503 ×12
    errors .............. timeout (1050) ×2
    cut ................. 3 ended by a hard stop, neither failed nor timed
    order_created ....... 5 995

  █ ENDPOINTS
                  requests  per s       p50       p95       p99  failed
    create_order    12 034   96.3   21.2 ms    214 ms    480 ms  0.12 %
    get_order          900   30.0  2 100 ms  2 250 ms  2 400 ms     5 %

  █ FAULTS before, during and after
    ② latency on payments · 2 000 ms
                     requests  per s       p50       p95       p99  failed  checks
    before (marked)    12 034   96.3   21.2 ms    214 ms    480 ms  0.12 %    99 %
    during                900   30.0  2 100 ms  2 250 ms  2 400 ms     5 %    90 %
    after              12 034   96.3   21.2 ms    214 ms    480 ms  0.12 %    99 %
    p95 214 → 2 250 → 214 ms · failed 0.12 → 5 → 0.12 % · back inside the baseline band after 7.2 s

  █ TIMELINE
       0:01  ① +10 VUs · 0 → 10
       0:40  ② latency on payments · 2 000 ms

  generator ok · 1 of 1 workers · cpu 31 % · lag 3.4 ms
  percentiles are read from histograms: ±0.4 %
  journal sessions/orders.ndjson"""
    )


def test_a_session_without_load_says_so() -> None:
    idle = Snapshot(at=3, wall=0, phase="ended", name="orders", target_url="http://h")
    assert text_of(idle) == "  orders · http://h · 0:03\n\n  No request was sent."


def test_nothing_is_wider_than_the_terminal() -> None:
    long = Marker(
        number=3, at=50, kind="fault", what="latency", detail="2 000 ms", outcome="p95 " * 30
    )
    wide = msgspec.structs.replace(FULL, markers=(*FULL.markers, long))
    lines = summary(wide, POINTS, width=84, colour=False).splitlines()
    assert [line for line in lines if len(line) > 84] == []


def test_colour_only_where_it_is_asked_for() -> None:
    assert "\x1b" not in summary(FULL, POINTS, width=100, colour=False)
    painted = summary(FULL, POINTS, width=100, colour=True)
    assert "\x1b[31;1m✗ http_req_failed" in painted
    assert "\x1b[38;5;208m② latency on payments" in painted


def test_ascii_where_the_output_knows_nothing_else() -> None:
    text = summary(FULL, POINTS, width=80, colour=False, unicode=False)
    assert text.isascii()
    assert "x http_req_failed rate<0.001  0.12 %" in text
    assert "(2) latency on payments - 2 000 ms" in text
    assert "p95 in ms" in text


def test_the_chart_stands_below_the_numbers() -> None:
    text = summary(FULL, POINTS, width=80, colour=False)
    assert text.index("TIMELINE") < text.index("p95 in ms") < text.index("requests per second")


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("on", "was still on when the session ended"),
        ("measuring", "recovery was still being measured when the session ended"),
        ("not recovered", "not back inside the baseline band"),
        ("cut short", "cut short before recovery could be measured"),
        ("no baseline", "no load ran before it, so there is nothing to compare with"),
    ],
)
def test_recovery_is_claimed_only_where_it_was_measured(state: str, says: str) -> None:
    fault = Comparison(2, "latency on payments", state=state)
    text = text_of(msgspec.structs.replace(FULL, comparisons=(fault,)))
    assert f"ms · failed – → – → – % · {says}" in " ".join(text.split())
    assert "back inside the baseline band after" not in text


def test_a_fault_that_is_still_on_is_named() -> None:
    slot = Slot("slow", Toxic("slow", "latency"), on=True, ours=True)
    proxy = ProxyStatus("payments", "127.0.0.1:1", "127.0.0.1:2", slots=(slot,))
    text = text_of(msgspec.structs.replace(FULL, chaos=Chaos(state="up", proxies=(proxy,))))
    assert "▲ slow on payments is still on" in text


def test_a_strained_generator_is_no_quiet_matter() -> None:
    strained = Generator(cpu=0.99, workers=1, wanted=2, state="measuring the generator")
    text = text_of(msgspec.structs.replace(FULL, generator=strained), colour=True)
    assert "\x1b[31;1mgenerator measuring the generator · 1 of 2 workers · cpu 99 %" in text


def test_what_comes_from_outside_is_shown_not_obeyed() -> None:
    evil = "\x1b[2J\r\n"
    hostile = msgspec.structs.replace(
        FULL,
        name=evil,
        target_url=evil,
        endpoint_totals=((evil, RUN),),
        thresholds=(ThresholdStatus(evil),),
        markers=(Marker(number=1, at=1, kind="note", what=evil, detail=evil, outcome=evil),),
        comparisons=(Comparison(1, evil),),
        journal=evil,
        total=msgspec.structs.replace(
            FULL.total, checks={evil: (1, 1)}, errors={evil: 1}, counters={evil: 1}
        ),
    )
    text = text_of(hostile)
    assert "\x1b" not in text
    assert "\r" not in text
    assert text.count("\\x1b[2J\\r\\n") >= 10


def test_a_long_timeline_is_cut_at_its_beginning() -> None:
    markers = tuple(
        Marker(number=i, at=float(i), kind="note", what=f"note {i}") for i in range(1, 100)
    )
    text = text_of(msgspec.structs.replace(FULL, markers=markers))
    assert f"… {99 - MOST_LINES} earlier" in text
    assert "note 99" in text
    assert f"note {99 - MOST_LINES}\n" not in text


@pytest.mark.parametrize("width", [1, 20, 40, 60, 80, 120])
def test_a_narrow_terminal_shortens_names_first(width: int) -> None:
    endpoints = (("GET /api/orders/${order_id}/lines/${line}/and/more", RUN),)
    text = text_of(msgspec.structs.replace(FULL, endpoint_totals=endpoints), width=width)
    table = text.split("ENDPOINTS\n")[1].split("\n\n")[0].splitlines()
    assert all(len(line) <= max(width, 66) for line in table)
    assert table[1].split()[-2:] == ["0.12", "%"]


def test_a_schedule_shows_its_own_times_and_what_was_dropped() -> None:
    total = msgspec.structs.replace(
        FULL.total,
        response=Trend(12034, 30.0, 310.0, 900.0, 45.0, 1.0, 2400.0),
        late=Trend(6017, 0.05, 0.4, 1.3, 0.1, 0.0, 9.0),
        dropped=7,
        errors={"refused": 3, "timeout": 2},
    )
    text = text_of(msgspec.structs.replace(FULL, total=total))
    assert "response_time ....... p50 30.0 ms  p95 310 ms  p99 900 ms  from the scheduled" in text
    assert "dropped_iterations .. 7 for want of a free VU" in text
    assert "iteration_lateness .. p50 0.05 ms  p95 0.4 ms  p99 1.3 ms  after the due time" in text
    assert "errors .............. refused (1212) ×3, timeout (1050) ×2" in text


def test_custom_metrics_read_after_their_type() -> None:
    metrics = (
        CustomMetric("bought", "counter", 4, 12.5),
        CustomMetric("drift", "trend", 3, trend=Trend(3, -1.5, 2.0, 2.5, 0.25, -4.0, 3.0)),
        CustomMetric("good", "rate", 4, 0.75),
        CustomMetric("queue", "gauge", 2, -3.0),
        CustomMetric("ws_ping", "trend", 3, trend=Trend(3, 1.5, 2.0, 2500.0, 1.25, 0.5, 3000.0)),
        CustomMetric("ws_sessions", "counter", 45, 45.0),
    )
    total = msgspec.structs.replace(FULL.total, metrics=metrics)
    text = text_of(msgspec.structs.replace(FULL, total=total))
    assert "bought .............. 12.5" in text
    assert "drift ............... p50 -1.5  p95 2  p99 2.5  avg 0.25" in text
    assert "good ................ 75 % of 4" in text
    assert "queue ............... -3" in text
    assert "ws_ping ............. p50 1.5 ms  p95 2 ms  p99 2 500 ms  avg 1.25 ms" in text
    assert "ws_sessions ......... 45\n" in text


def test_a_generator_that_measures_itself_says_what_to_do() -> None:
    generator = Generator(
        cpu=0.2,
        lag=0.002,
        workers=1,
        wanted=1,
        state="measuring the generator",
        why="990 of 1024 open files are in use",
        advice="raise the limit of open files (ulimit -n), or use fewer VUs",
        late=0.004,
        files=990,
        files_limit=1024,
        ports=960,
        ports_limit=28232,
    )
    text = text_of(msgspec.structs.replace(FULL, generator=generator), width=140)
    assert "starts p99 4 ms late · files 990 of 1 024 · ports 960 of 28 232" in text
    assert "▲ 990 of 1024 open files are in use: raise the limit of open files" in text


def test_lost_workers_and_what_they_missed_are_no_quiet_matter() -> None:
    once = Generator(cpu=0.2, workers=2, wanted=2, state="ok", losses=1, missed=3)
    text = text_of(msgspec.structs.replace(FULL, generator=once), colour=True, width=120)
    assert "1 worker lost, 3 s not fully measured" in text
    assert "\x1b[31;1mgenerator ok · 2 of 2 workers" in text
    silent = Generator(workers=1, wanted=1, state="ok", missed=2)
    text = text_of(msgspec.structs.replace(FULL, generator=silent), width=120)
    assert "1 of 1 workers · 2 s not fully measured" in text


TREND = {"count": 12034.0, "avg": 25.1, "med": 21.2, "p(95)": 214.1, "p(99)": 480.4}
RESULTS = (
    MetricResult("basket", "trend", "default", {"count": 5.0, "avg": -1.5, "med": 12.25}),
    MetricResult("checks", "rate", "default", {"rate": 0.75, "passes": 3, "fails": 1}),
    MetricResult("data_sent", "counter", "data", {"count": 1.2e6, "rate": 9600}),
    MetricResult("http_req_duration", "trend", "time", TREND),
    MetricResult("http_req_duration{name:a}", "trend", "time", TREND),
    MetricResult("vus", "gauge", "default", {"value": 7, "min": 1, "max": 9}),
)


def shaped(shape: Shape, snapshot: Snapshot = FULL) -> str:
    whole = msgspec.structs.replace(snapshot, results=RESULTS)
    return summary(whole, (), width=100, colour=False, shape=shape).replace("\u00a0", " ")


def test_stats_that_were_asked_for_take_the_place_of_ours() -> None:
    text = shaped(Shape(stats=("p(99)", "avg", "count")))
    assert "http_req_duration ... p(99) 480 ms  avg 25.1 ms  count 12 034\n" in text
    assert "p50" not in text.split("ENDPOINTS")[0]


def test_in_full_every_metric_has_its_line() -> None:
    assert "METRICS" not in shaped(Shape())
    text = shaped(Shape("full"))
    assert (
        text.split("METRICS\n")[1].split("\n\n")[0]
        == """\
    times in ms                 count   avg   med  p(95)  p(99)
    http_req_duration          12 034  25.1  21.2    214    480
    http_req_duration{name:a}  12 034  25.1  21.2    214    480
    other trends               count   avg   med
    basket                         5  -1.5  12.2
    counters                    count   per s
    data_sent                  1.2 MB  9.6 kB
    rates                      share      of
    checks                      75 %  3 of 4
    gauges                     value  min  max
    vus                            7    1    9"""
    )


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_a_full_summary_folds_what_is_too_wide(width: int) -> None:
    stats = ("avg", "min", "med", "max", "p(90)", "p(95)", "p(99)")
    values = {"count": 12034.0, **dict.fromkeys(stats, 2104.0)}
    name = "http_req_duration{expected_response:true}"
    whole = msgspec.structs.replace(FULL, results=(MetricResult(name, "trend", "time", values),))
    text = text_of(msgspec.structs.replace(whole, sections=(SHOP,)), width=width)
    assert "GROUP" not in text
    full = summary(whole, (), width=width, colour=False, shape=Shape("full")).splitlines()
    assert any(line.startswith(f"    {name}") for line in full)
    assert [line for line in full if len(line) > max(width, 80)] == []


SHOP = Section(
    "group",
    "::shop",
    {"is sold": (3, 1)},
    (
        MetricResult("group_duration", "trend", "time", {"count": 4.0, "med": 12.5}),
        MetricResult("http_reqs", "counter", "default", {"count": 4.0, "rate": 2.0}),
    ),
)


def test_in_full_every_scenario_and_group_has_a_section() -> None:
    both = msgspec.structs.replace(FULL, sections=(Section("scenario", "buy"), SHOP))
    text = shaped(Shape("full"), both)
    assert text.index("SCENARIO buy") < text.index("GROUP ::shop") < text.index("ENDPOINTS")
    assert (
        text.split("GROUP ::shop\n")[1].split("\n\n")[0]
        == """\
    checks .............. 75 %  3 of 4
      ✗ is sold ......... 75 %  1 of 4 failed
    times in ms     count   med
    group_duration      4  12.5
    counters        count  per s
    http_reqs           4      2"""
    )


def test_what_was_expected_has_a_row_of_its_own() -> None:
    values = {"count": 1.0, "med": 20.0, "p(95)": 200.0, "p(99)": 210.0}
    row = MetricResult("http_req_duration{expected_response:true}", "trend", "time", values)
    text = text_of(msgspec.structs.replace(FULL, results=(row,)))
    assert "  expected_response . p50 20.0 ms  p95 200 ms  p99 210 ms\n" in text
    stats = Shape(stats=("med", "count"))
    asked = summary(
        msgspec.structs.replace(FULL, results=(row,)), (), width=100, colour=False, shape=stats
    )
    assert "expected_response . med 20.0 ms  count 1\n" in asked.replace("\u00a0", " ")


def test_windows_that_failed_are_named() -> None:
    first, worst = WindowValue(20, 30, 612.0), WindowValue(71, 81, 2041.0)
    failed = ThresholdStatus("p(95)<500 over 10s", None, None, 2041.0, False, "ms")
    seen = msgspec.structs.replace(failed, windows=110, broken=37, first=first, worst=worst)
    text = text_of(msgspec.structs.replace(FULL, thresholds=(seen,)), width=120)
    says = "failed in 37 of 110 windows: first 612 ms at 0:20–0:30, worst 2 041 ms at 1:11–1:21"
    assert f"✗ p(95)<500 over 10s  {says}" in text
    once = msgspec.structs.replace(seen, windows=4, broken=1, worst=first)
    text = text_of(msgspec.structs.replace(FULL, thresholds=(once,)))
    assert "✗ p(95)<500 over 10s  failed in 1 of 4 windows: 612 ms at 0:20–0:30" in text


def test_no_data_is_never_a_tick() -> None:
    passed = ThresholdStatus("p(95)<500", run=0.0, run_ok=True, unit="ms", no_data=True)
    broken = ThresholdStatus("avg>0", run=0.0, run_ok=False, unit="ms", no_data=True)
    text = text_of(msgspec.structs.replace(FULL, thresholds=(passed, broken)))
    assert "– p(95)<500  no data\n" in text
    assert "✗ avg>0      no data, which counts as 0\n" in text


def test_a_journal_that_could_not_be_written_is_no_quiet_matter() -> None:
    ended = "journal ended: s.ndjson: No space left on device"
    text = text_of(msgspec.structs.replace(FULL, journal=ended), colour=True)
    assert f"  \x1b[31;1m{ended}" in text


def test_declared_metrics_that_nobody_fed_are_named() -> None:
    text = text_of(msgspec.structs.replace(FULL, unfed=("orders_lost", "queue")))
    assert "never fed ........... orders_lost, queue" in text
