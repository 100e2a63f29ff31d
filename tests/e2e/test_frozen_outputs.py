"""Databases that stand still in the middle of a run cost neither load nor counts.

`python -m bench outputs` does the same to each alone at 5 000 requests/s, for ten seconds.
"""

from __future__ import annotations

from pathlib import Path

from tests.e2e.test_headless import requests_in
from tests.e2e.test_outputs import points, scenario, summed
from tests.support.counting_server import counting_server
from tests.support.influx import influx
from tests.support.prometheus import RECEIVES, prometheus, victoria
from tests.support.shell import headless


def test_databases_that_freeze_cost_neither_load_nor_counts(tmp_path: Path) -> None:
    with (
        counting_server() as server,
        influx(tmp_path / "influx") as influxdb,
        prometheus(tmp_path / "prometheus", RECEIVES) as prom,
        victoria(tmp_path / "victoria") as otlp,
    ):
        # Two of them write every five seconds: the third second to the sixth holds one write.
        file = scenario(tmp_path, server, rate=200, duration=7)
        outs = (f"influxdb={influxdb.url}/load", f"prometheus={prom.url}", f"otlp={otlp.otlp}")
        words = [word for out in (*outs, f"json={tmp_path / 'a.json'}") for word in ("--out", out)]
        with headless(tmp_path, "run", file, *words) as process:
            server.count(600)
            for database in (influxdb, prom, otlp):
                database.freeze()
            server.count(1200)  # the load goes on
            for database in (influxdb, prom, otlp):
                database.thaw()
            stdout, stderr = process.communicate(timeout=40)
        assert process.returncode == 0, stderr
        assert server.count() == requests_in(stdout) == 1401
        assert influxdb.value("SELECT sum(value) FROM http_reqs", "load") == 1401, stderr
        assert prom.value("sum(k6_http_reqs_total)") == 1401, stderr
        assert otlp.value("sum(http_reqs)") == 1401, stderr
        assert summed(points(tmp_path / "a.json"), "http_reqs") == 1401
    assert "NOT written" not in stderr
    assert "no room" not in stderr
