"""The table of every threshold expression, put to the real k6 itself.

Left out of it, and so documented: equality with a percentile between two values, which a histogram
cannot have (`test_k6_vectors.py` of the session has those within 0.4 %).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.session.test_k6_vectors import ANSWERS, CLOSE, PASS, REFUSED
from tests.support.k6 import k6, script

DATA = """
const tt = new Trend('tt'), cc = new Counter('cc'), gg = new Gauge('gg'), rr = new Rate('rr');
"""
FED = """
  [10, 20, 30, 40].forEach((value) => tt.add(value));
  cc.add(5);
  gg.add(7);
  gg.add(-3);
  [1, 1, 1, 0].forEach((value) => rr.add(value));
"""
ACCEPTED_BY_1_1 = {"p(-1)<200", "p(101)<200"}
"""k6 1.1 takes these, and panics when it judges them (109); later versions refuse them."""


QUOTED = "tt{ 'foo' : \"bar\" }"
"""Of two keys that mean one sub-metric k6 exports one, so this one is asked apart."""


def packed(metric: str) -> str:
    """The key as k6 exports it: it drops some of its spaces."""
    return metric.replace(" ", "")


def asked(folder: Path, thresholds: dict[str, list[str]]) -> tuple[int, dict[str, dict[str, bool]]]:
    folder.mkdir()
    ran = k6(folder, script({"thresholds": thresholds}, FED, DATA), "--quiet").end()
    return ran.code, {packed(metric): rules for metric, rules in ran.verdicts.items()}


def test_k6_passes_and_breaches_what_the_table_says(tmp_path: Path) -> None:
    table = [(metric, rule, passes) for _, metric, rule, passes in ANSWERS]
    table += [("tt", f"{aggregate}=={value:g}", PASS) for _, aggregate, value in CLOSE]
    told = []
    for apart in (False, True):
        part = [row for row in table if (row[0] == QUOTED) is apart]
        thresholds: dict[str, list[str]] = {}
        for metric, rule, _ in part:
            thresholds.setdefault(metric, []).append(rule)
        _, verdicts = asked(tmp_path / str(apart), thresholds)
        told += [(metric, rule, not verdicts[packed(metric)][rule]) for metric, rule, _ in part]
    assert sorted(told) == sorted(table)


def test_k6_refuses_what_the_table_says(tmp_path: Path) -> None:
    rules = [(metric, rule) for _, metric, several in REFUSED for rule in several]
    folders = [tmp_path / str(number) for number in range(len(rules))]
    with ThreadPoolExecutor(2) as pool:
        thresholds = [{metric: [rule]} for metric, rule in rules]
        codes = [code for code, _ in pool.map(asked, folders, thresholds)]
    told = dict(zip(rules, codes, strict=True))
    wanted = {(metric, rule): 109 if rule in ACCEPTED_BY_1_1 else 104 for metric, rule in rules}
    assert told == wanted
