"""A scenario file over another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import ScenarioError
from loadtui.model.executor import ConstantVus, Executor, RampingVus
from loadtui.model.scenario import Scenario
from loadtui.model.text import constant
from loadtui.scenario.load import load

BASE = """\
name: base
target: http://127.0.0.1:1
headers: {x-team: web, x-mode: base}
requests:
  - {name: a, url: /a}
  - {name: b, url: /b}
load: {vus: 10, duration: 30s}
thresholds:
  http_req_duration: [p(95)<500, p(99)<900]
  http_req_failed: [rate<0.1]
guard: {max_vus: 50, ttl: 1m}
"""


def over(folder: Path, own: str, base: str = BASE) -> Scenario:
    (folder / "base.yaml").write_text(base, encoding="utf-8")
    (folder / "own.yaml").write_text(f"extends: base.yaml\n{own}", encoding="utf-8")
    return load(folder / "own.yaml", env={})


def problems(folder: Path, own: str, base: str = BASE) -> list[str]:
    with pytest.raises(ScenarioError) as refused:
        over(folder, own, base)
    return [line.replace(f"{folder}/", "") for line in refused.value.problems]


def test_mappings_merge_by_key_and_lists_replace(tmp_path: Path) -> None:
    made = over(
        tmp_path,
        """\
name: own
headers: {x-mode: own}
requests: [{name: c, url: /c}]
thresholds: {http_req_duration: [p(95)<100]}
guard: {max_vus: 90}
""",
    )
    assert made.name == "own"
    (request,) = made.requests
    assert request.url == constant("http://127.0.0.1:1/c")
    assert dict(request.headers) == {"x-team": constant("web"), "x-mode": constant("own")}
    assert [each.source for each in made.thresholds] == ["p(95)<100", "rate<0.1"]
    assert (made.guard.max_vus, made.guard.ttl) == (90, 60)


@pytest.mark.parametrize(
    ("load_", "executor"),
    [
        ("{vus: 20}", ConstantVus(30, 20)),
        ("{duration: 1m}", ConstantVus(60, 10)),
        ("{profile: smoke}", ConstantVus(60, 1)),
        ("{stages: [1m:5]}", None),
    ],
)
def test_a_load_of_another_kind_replaces(
    load_: str, executor: Executor | None, tmp_path: Path
) -> None:
    (entry,) = over(tmp_path, f"load: {load_}\n").scenarios
    if executor is None:
        assert isinstance(entry.executor, RampingVus)
    else:
        assert entry.executor == executor


def test_scenarios_replace_a_load_and_a_journey_the_requests(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("async def buy(vu): ...\n", encoding="utf-8")
    entry = "scenarios: {x: {executor: constant-vus, vus: 2, duration: 5s}}\n"
    made = over(tmp_path, f"{entry}journey: shop.py:buy\n")
    assert [each.name for each in made.scenarios] == ["x"]
    assert made.requests == ()
    assert made.code is not None


def test_paths_are_those_of_the_file_that_names_them(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "shop.py").write_text("async def buy(vu): ...\n", encoding="utf-8")
    (shared / "ca.pem").touch()
    (shared / "middle.yaml").write_text("extends: base.yaml\n", encoding="utf-8")
    (shared / "base.yaml").write_text(
        "target: http://127.0.0.1:1\njourneys: {buy: 'shop.py:buy'}\ntls: {ca: ca.pem}\n",
        encoding="utf-8",
    )
    own = tmp_path / "own.yaml"
    own.write_text("extends: shared/middle.yaml\n", encoding="utf-8")
    made = load(own, env={})
    assert made.tls.ca == str(shared / "ca.pem")
    code = made.journeys[0].code
    assert code is not None
    assert code.file == str(shared / "shop.py")
    assert code.place == f"{shared / 'base.yaml'}:2:17"


def test_each_problem_is_told_in_its_own_file(tmp_path: Path) -> None:
    base = BASE.replace("p(99)<900", "p(99)!900").replace("ttl: 1m", "ttl: 1")
    assert problems(tmp_path, "load: {vus: 70}\nnmae: x\n", base) == [
        "own.yaml:3:1: a scenario has no key nmae; did you mean name?",
        "base.yaml:9:34: 'p(99)!900' is not a threshold; "
        "write aggregate, operator, number: p(95)<500",
        "base.yaml:11:27: the duration 1 has no unit; write 1s or 1ms",
    ]


def test_what_replaces_is_judged_where_it_stands(tmp_path: Path) -> None:
    assert problems(tmp_path, "requests:\n  - {name: c}\n") == [
        "own.yaml:3:5: a request needs url; add url:"
    ]


def test_a_base_that_cannot_be_read_is_the_only_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, "name: x\n", "- 1\n") == [
        "base.yaml:1:1: a scenario is a mapping of keys; begin with name:, target:, requests:"
    ]
    assert problems(tmp_path, "name: x\n", "") == [
        "own.yaml:1:10: base.yaml is empty; write at least target: and requests:"
    ]


def test_files_that_extend_each_other_are_named(tmp_path: Path) -> None:
    found = problems(tmp_path, "name: x\n", "extends: own.yaml\n")
    assert found == [
        "base.yaml:1:10: the files extend each other: "
        "own.yaml extends base.yaml extends own.yaml; leave one of them out"
    ]


def test_data_files_are_those_of_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "users.csv").write_text("id\n1\n2\n", encoding="utf-8")
    (tmp_path / "items.json").write_text('[{"id": 1}]', encoding="utf-8")
    (tmp_path / "shared" / "base.yaml").write_text(
        "target: http://127.0.0.1:1\ndata: {users: {file: users.csv, pick: random}}\n"
        "requests: [{url: '/${users.id}'}]\n",
        encoding="utf-8",
    )
    own = "extends: shared/base.yaml\ndata: {items: items.json}\n"
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    found = {each.name: each for each in load(tmp_path / "own.yaml", env={}).data}
    assert Path(found["users"].file) == tmp_path / "shared" / "users.csv"
    assert (found["users"].rows, found["users"].pick, found["users"].columns) == (
        2,
        "random",
        ("id",),
    )
    assert (found["items"].rows, found["items"].at_end) == (1, "recycle")
