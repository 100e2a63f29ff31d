from __future__ import annotations

from pathlib import Path

from loadtui.demo.environment import child_environment


def test_the_operators_own_postgresql_settings_stay_away_from_our_server() -> None:
    inherited = {"PGHOST": "elsewhere", "PGPASSWORD": "x", "LANG": "C"}
    assert child_environment(inherited, own_database=True) == {"LANG": "C", "PYTHONUNBUFFERED": "1"}


def test_for_the_operators_server_they_count() -> None:
    assert child_environment({"PGPASSWORD": "x"}, own_database=False)["PGPASSWORD"] == "x"


def test_relative_places_of_modules_survive_a_change_of_folder() -> None:
    path = child_environment({"PYTHONPATH": "src:/opt/x"}, own_database=True)["PYTHONPATH"]
    assert path == f"{Path.cwd() / 'src'}:/opt/x"
