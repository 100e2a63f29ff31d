from __future__ import annotations

from pathlib import Path

from loadtui.scenario.folder import scenarios_in


def test_scenarios_are_told_from_other_yaml(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("name: b\nrequests:\n  - url: /\n", encoding="utf-8")
    (tmp_path / "a.yml").write_text("journey: shop.py:buy\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("services:\n  requests: 1\n", encoding="utf-8")
    (tmp_path / "d.txt").write_text("requests:\n", encoding="utf-8")
    (tmp_path / "e.yaml").mkdir()
    found = scenarios_in(tmp_path, tmp_path / "nowhere")
    assert [path.name for path in found] == ["a.yml", "b.yaml"]


def test_those_that_come_with_it_are_found() -> None:
    found = scenarios_in(Path(__file__).resolve().parents[2] / "scenarios")
    assert {"checkout.yaml", "hello.yaml", "soak.yaml"} <= {path.name for path in found}
