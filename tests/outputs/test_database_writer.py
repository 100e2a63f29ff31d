"""Each writer before its real database, through a gate that fails for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from loadtui.model import point
from loadtui.outputs import protobuf
from loadtui.outputs.database_writer import database_writer
from loadtui.outputs.output import Output, OutputError, Source
from loadtui.outputs.sink_frame import Written
from loadtui.outputs.target import Kind, Target
from loadtui.outputs.target_url import target
from tests.support.gate import Gate, gate
from tests.support.influx import free_port, influx
from tests.support.prometheus import NATIVE, RECEIVES, prometheus, victoria
from tests.support.scripted_server import answering, http, scripted_server
from tests.support.sink_hand import requests
from tests.support.statsd import statsd

Value = Callable[[], float]


@contextmanager
def _influx(folder: Path) -> Iterator[tuple[str, str, Value]]:
    with influx(folder) as database:
        yield (
            database.url,
            "/load",
            lambda: database.value("SELECT sum(value) FROM http_reqs", "load"),
        )


@contextmanager
def _prometheus(folder: Path) -> Iterator[tuple[str, str, Value]]:
    with prometheus(folder, RECEIVES) as database:
        yield database.url, "/api/v1/write", lambda: database.value("k6_http_reqs_total")


@contextmanager
def _otlp(folder: Path) -> Iterator[tuple[str, str, Value]]:
    with victoria(folder) as database:
        yield database.url, "/opentelemetry", lambda: database.value("http_reqs")


DATABASES = {"influxdb": _influx, "prometheus": _prometheus, "otlp": _otlp}


class Run:
    """An output at work, as the sink has it."""

    def __init__(self, target: Target) -> None:
        self.told: list[str] = []
        self.writer = database_writer(target, self.told.append)
        self.output = Output(target.label, self.writer, 0.05, self.told.append)
        self.source = Source({}, {})

    def refusal(self) -> str:
        """Why it cannot be opened."""
        with pytest.raises(OutputError) as refused:
            self.writer.open()
        self.writer.close()
        return str(refused.value)

    def start(self) -> None:
        assert self.writer.open() == ""
        self.output.start()

    def add(self, *ends: float) -> None:
        data = requests(*ends)
        frame = point.decode(data[point.LENGTH :])
        self.source.learn(frame)
        self.output.add(self.source, frame)

    def end(self) -> Written:
        self.output.end()
        return self.output.join(time.monotonic() + 20)


@contextmanager
def before(kind: Kind, folder: Path) -> Iterator[tuple[Gate, Target, Value]]:
    """A gate before a database of that kind, where to write, and how many requests it knows of."""
    with DATABASES[kind](folder) as (behind, path, value), gate(behind) as found:
        yield found, target(kind, f"{found.url}{path}", {}), value


@pytest.fixture(params=DATABASES)
def kind(request: pytest.FixtureRequest) -> Kind:
    return cast("Kind", request.param)


@pytest.mark.parametrize("status", [500, 401])
def test_what_a_database_refuses_for_a_while_it_gets_later(
    kind: Kind, status: int, tmp_path: Path
) -> None:
    with before(kind, tmp_path / "db") as (gate, place, value):
        run = Run(place)
        run.start()
        gate.status = status
        run.add(*(number / 100 for number in range(50)))
        run.output.end()
        gate.wait_for(status, 2)
        gate.status = 0
        written = run.end()
        assert (written.samples, written.lost, written.why) == (450, 0, "")
        assert value() == 50
    first, last = run.told
    assert f"answered {status}" in first
    assert "takes samples again" in last


@pytest.mark.parametrize(("limit", "ends"), [(1500, 1), (20_000, 300)])
def test_bodies_shrink_until_the_database_takes_them(
    kind: Kind, limit: int, ends: int, tmp_path: Path
) -> None:
    with before(kind, tmp_path / "db") as (gate, place, value):
        run = Run(place)
        run.start()
        gate.limit = limit
        run.add(*(number / 100 for number in range(ends)))
        assert run.end().lost == 0
        assert value() == ends
        assert not run.told


def test_what_is_refused_for_good_is_counted_and_told(kind: Kind, tmp_path: Path) -> None:
    with before(kind, tmp_path / "db") as (gate, place, _):
        run = Run(place)
        run.start()
        gate.status = 400
        run.add(1.0, 2.0)
        written = run.end()
    assert (written.samples, written.lost) == (0, 18)
    assert "answered 400: the gate says so" in written.why
    assert len(run.told) == 1


@pytest.mark.parametrize(
    ("kind_", "status", "words"),
    [
        ("influxdb", 401, "LOADTUI_INFLUXDB_TOKEN"),
        ("influxdb", 404, "is not there"),
        ("prometheus", 403, "LOADTUI_PROMETHEUS_BEARER_TOKEN"),
        ("prometheus", 404, "--web.enable-remote-write-receiver"),
        ("otlp", 401, "LOADTUI_OTLP_HEADERS"),
        ("otlp", 404, "http://HOST:8428/opentelemetry"),
    ],
)
def test_a_wrong_place_is_told_before_anything_runs(
    kind_: Kind, status: int, words: str, tmp_path: Path
) -> None:
    with before(kind_, tmp_path / "db") as (gate, place, _):
        gate.status = status
        assert words in Run(place).refusal()


def test_a_user_who_may_only_write_is_enough(tmp_path: Path) -> None:
    with influx(tmp_path / "db", signed=True) as database:
        database.order("CREATE USER boss WITH PASSWORD 'b' WITH ALL PRIVILEGES")
        for order in (
            "CREATE DATABASE load",
            "CREATE USER ci WITH PASSWORD 'c'",
            "GRANT WRITE ON load TO ci",
        ):
            database.order(order, "boss", "b")
        place = database.url.replace("//", "//ci:c@")
        run = Run(target("influxdb", f"{place}/load", {}))
        run.start()
        run.add(1.0)
        assert run.end().lost == 0
        told = Run(target("influxdb", f"{place}/others", {})).refusal()
        assert "database not found" in told
        assert "requires admin privilege" in told
        wrong = f"{database.url.replace('//', '//ci:x@')}/load"
        assert "LOADTUI_INFLUXDB_USERNAME" in Run(target("influxdb", wrong, {})).refusal()


def test_native_histograms_stand_beside_the_numbers(tmp_path: Path) -> None:
    with prometheus(tmp_path / "db", RECEIVES, NATIVE) as database:
        run = Run(target("prometheus", f"{database.url}?native=1", {}))
        run.start()
        run.add(*(number / 100 for number in range(50)))
        assert run.end().lost == 0
        name = "k6_http_req_duration_seconds"
        assert database.value(f"histogram_count({name})") == 50
        assert database.value(f"histogram_sum({name})") == pytest.approx(50 * 0.0009)
        assert database.value(f"histogram_quantile(0.5, {name})") == pytest.approx(9e-4, rel=0.022)
        assert database.value("k6_http_req_duration_p99") == pytest.approx(9e-4)
        assert database.value("histogram_count(k6_http_req_blocked_seconds)") == 50
        assert not run.told


def test_a_prometheus_without_native_histograms_loses_nothing_else(tmp_path: Path) -> None:
    with prometheus(tmp_path / "db", RECEIVES) as database:
        run = Run(target("prometheus", f"{database.url}?native=1", {}))
        run.start()
        run.add(1.0, 2.0)
        written = run.end()
        assert (written.samples, written.lost) == (18, 0)
        assert database.value("k6_http_reqs_total") == 2
        assert database.value("k6_http_req_duration_p99") == pytest.approx(9e-4)
    (told,) = run.told
    assert written.why in told
    assert "--enable-feature=native-histograms" in told


def test_what_a_collector_takes_only_in_part_is_counted() -> None:
    partial = protobuf.message(1, protobuf.whole(1, 3) + protobuf.text(2, "too many attributes"))
    with scripted_server(answering(http("200 OK", partial))) as server:
        run = Run(target("otlp", server.url, {}))
        run.start()
        run.add(1.0)
        written = run.end()
    assert (written.samples, written.lost, written.why) == (6, 3, "too many attributes")
    assert "refuses some: too many attributes" in run.told[0]


def test_statsd_counts_every_request(tmp_path: Path) -> None:
    with statsd() as receiver:
        run = Run(target("statsd", f"{receiver.place}?tags=dogstatsd", {}))
        run.start()
        for number in range(3):
            run.add(*(number + each / 100 for each in range(50)))
        assert run.end().lost == 0
        tags = '{expected_response="true",method="GET",name="home",proto="HTTP/1.1",'
        tags += 'scenario="default",status="200"}'
        times = f"k6_http_req_duration_count{tags}"
        found = receiver.wait_for(
            # Timings come after counts, and of many a share that stands for all.
            lambda found: found.get(f"k6_http_reqs{tags}") == 150 and found.get(times, 0) >= 142
        )
    assert found[f"k6_http_req_failed{tags}"] == 0
    assert found[times] <= 158


def test_a_statsd_that_nobody_runs_is_told_of() -> None:
    run = Run(target("statsd", f"udp://127.0.0.1:{free_port()}", {}))
    run.start()
    run.add(1.0)
    while not run.told:
        run.add(2.0)
    run.end()
    assert len(run.told) == 1
    assert "Connection refused; what is sent meanwhile is lost" in run.told[0]
