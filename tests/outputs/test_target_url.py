from __future__ import annotations

import pytest

from loadtui.errors import BadInput
from loadtui.outputs.target import Kind, Target
from loadtui.outputs.target_url import target

STATS = ("p(99)",)
WRITE = "http://localhost:9090/api/v1/write"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("", Target("influxdb", "http://localhost:8086/k6")),
        ("http://127.0.0.1:9/runs", Target("influxdb", "http://127.0.0.1:9/runs")),
        ("http://[::1]:9/", Target("influxdb", "http://[::1]:9/k6")),
        ("https://me:pw@db.test/runs", Target("influxdb", "https://db.test/runs", "me", "pw")),
        ("", Target("prometheus", WRITE, stats=STATS)),
        ("http://localhost:9090/?native=1", Target("prometheus", WRITE, stats=STATS, native=True)),
        (
            "http://me:p%40w@h:9/rw?extra_label=run%3D5&native=0",
            Target("prometheus", "http://h:9/rw?extra_label=run%3D5", "me", "p@w", stats=STATS),
        ),
        ("", Target("otlp", "http://localhost:4318/v1/metrics", run="local")),
        ("https://h/otlp/", Target("otlp", "https://h/otlp/v1/metrics", run="local")),
        ("http://h/x/v1/metrics", Target("otlp", "http://h/x/v1/metrics", run="local")),
        ("", Target("statsd", "udp://localhost:8125")),
        ("h", Target("statsd", "udp://h:8125")),
        ("udp://[::1]:9?tags=dogstatsd", Target("statsd", "udp://[::1]:9", tagged=True)),
    ],
)
def test_urls_are_read_and_have_what_is_usual(place: str, expected: Target) -> None:
    assert target(expected.kind, place, {}) == expected


def test_how_to_sign_in_comes_from_the_environment_ours_first() -> None:
    env = {"K6_INFLUXDB_USERNAME": "k6", "LOADTUI_INFLUXDB_USERNAME": "us"}
    found = target("influxdb", "", {**env, "K6_INFLUXDB_PASSWORD": "pw", "K6_INFLUXDB_DB": "x"})
    assert found == Target("influxdb", "http://localhost:8086/x", "us", "pw")
    assert "pw" not in found.label


def test_an_exporters_own_variables_hold_for_otlp() -> None:
    env = {"OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%20b, x=1", "TEST_RUN_ID": "build-7"}
    found = target("otlp", "", env)
    assert (found.headers, found.run) == ((("api-key", "a b"), ("x", "1")), "build-7")
    assert target("otlp", "", {**env, "K6_OTEL_HEADERS": "y=2"}).headers == (("y", "2"),)
    with pytest.raises(BadInput, match="K6_OTEL_HEADERS cannot be read") as refused:
        target("otlp", "", {"K6_OTEL_HEADERS": "s3cret"})
    assert "s3cret" not in str(refused.value)


def test_what_stands_in_a_query_is_shown_nowhere() -> None:
    assert target("otlp", "http://h?token=s3cret", {}).label == "otlp=http://h/v1/metrics"


@pytest.mark.parametrize(
    ("kind", "place", "words"),
    [
        ("influxdb", "db", "no http:// URL"),
        ("influxdb", "http://h:99999/x", "no http:// URL"),
        ("influxdb", "http://h/x?precision=s", "no options are known .precision."),
        ("prometheus", "ftp://h", "no http:// URL"),
        ("prometheus", "http://h?nativ=1", "no option 'nativ'"),
        ("prometheus", "http://h?native=yes", "native is 1 or 0, not 'yes'"),
        ("otlp", "h:4318", "no http:// URL"),
        ("statsd", "http://h", "no udp:// URL"),
        ("statsd", "h:0", "no udp:// URL"),
        ("statsd", "h/x", "only tags=dogstatsd"),
        ("statsd", "h?tags=influx", "tags is dogstatsd or none"),
    ],
)
def test_what_cannot_work_is_refused(kind: Kind, place: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        target(kind, place, {})
