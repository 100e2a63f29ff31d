from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.cli.config import Setting, read_config, settings
from loadtui.cli.main import CONFIGURED, commands, run
from loadtui.cli.places import config_file
from loadtui.errors import ExitCode

URL = "http://127.0.0.1:9"

VALUES: dict[str, tuple[str, str, str]] = {
    # key → in the file, in the environment, as a flag: three that differ
    "vus": ("1", "2", "3"),
    "duration": ("1s", "2s", "3s"),
    "iterations": ("1", "2", "3"),
    "stages": ("1s:1", "2s:2", "3s:3"),
    "profile": ("smoke", "load", "soak"),
    "time_scale": ("2", "3", "4"),
    "tags": ("a=file", "a=environment", "a=flag"),
    "rps": ("1", "2", "3"),
    "step": ("1", "2", "3"),
    "workers": ("1", "2", "3"),
    "seed": ("1", "2", "3"),
    "allow": ("a.test", "b.test", "c.test"),
    "max_vus": ("1", "2", "3"),
    "toxiproxy": ("http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3"),
    "theme": ("light", "mono", "contrast"),
    "record": ("a", "b", "c"),
    "charset": ("ascii", "blocks", "braille"),
    "out": ("junit=a", "junit=b", "junit=c"),
    "summary_mode": ("full", "disabled", "compact"),
    "summary_trend_stats": ("avg", "min", "max"),
    "summary_export": ("a", "b", "c"),
}
SETTINGS = {each.key: each for each in settings()}


@pytest.fixture
def config() -> Path:
    path = config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path


@pytest.fixture(autouse=True)
def _nothing_left(config: Path) -> Iterator[None]:
    yield
    config.unlink(missing_ok=True)


def meant(setting: Setting, *arguments: str) -> object:
    """What a command line gives a setting, over environment and file."""
    context = commands.make_context("loadtui", ["url", URL, *arguments])
    name, command, rest = commands.resolve_command(context, ["url", URL, *arguments])
    assert command is not None
    with command.make_context(name, rest, parent=context) as inner:
        return inner.params[str(setting.option.name)]


@pytest.mark.parametrize("key", SETTINGS)
def test_a_flag_goes_before_the_environment_and_that_before_the_file(
    key: str, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = SETTINGS[key]
    flag = max(setting.option.opts, key=len)
    if setting.is_switch:
        _switched(setting, flag, config, monkeypatch)
        return
    file, environment, given = VALUES[key]
    bare = meant(setting)
    config.write_text(f"{key}: {file}\n", encoding="utf-8")
    from_file = meant(setting)
    monkeypatch.setenv(setting.variable, environment)
    from_environment = meant(setting)
    from_flag = meant(setting, flag, given)
    config.unlink()
    assert from_environment == meant(setting), "the file changes nothing then"
    monkeypatch.delenv(setting.variable)
    assert from_flag == meant(setting, flag, given)
    found = [repr(each) for each in (bare, from_file, from_environment, from_flag)]
    assert len(set(found[1:])) == 3
    assert found[0] != found[1]


def _switched(setting: Setting, flag: str, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = meant(setting)
    config.write_text(f"{setting.key}: {str(not bare).lower()}\n", encoding="utf-8")
    assert meant(setting) is not bare
    monkeypatch.setenv(setting.variable, str(int(bare is True)))
    assert meant(setting) is bare
    monkeypatch.setenv(setting.variable, "0")
    assert meant(setting, flag) is True


def test_every_setting_is_in_that_test_and_named_by_one_rule() -> None:
    assert {key for key, each in SETTINGS.items() if not each.is_switch} == set(VALUES)
    for key, each in SETTINGS.items():
        assert each.variable == f"LOADTUI_{key.upper()}"
        words = {option.removeprefix("--").replace("-", "_") for option in each.option.opts}
        assert words & {key, key.removesuffix("s")}


@pytest.mark.parametrize("command", sorted(CONFIGURED))
def test_every_command_that_reads_the_file_takes_every_setting(command: str) -> None:
    context = commands.make_context("loadtui", [command, "--help"])
    found = commands.get_command(context, command)
    assert found is not None
    assert {str(each.option.name) for each in SETTINGS.values()} <= {
        str(parameter.name) for parameter in found.params
    }


def test_lists_and_single_values_are_taken(config: Path) -> None:
    config.write_text("allow: [a.test, b.test]\ntags: a=1\nvus: 7\n", encoding="utf-8")
    assert meant(SETTINGS["allow"]) == ("a.test", "b.test")
    assert meant(SETTINGS["tags"]) == (("a", "1"),)
    assert meant(SETTINGS["vus"]) == 7


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("them: light\n", "1:1: there is no setting them; did you mean theme?"),
        ("max-vus: 5\n", "1:1: there is no setting max-vus; write max_vus"),
        ("theme: light\nvus: many\n", "2:6: vus: 'many' is not a valid integer"),
        ("vus: 1.5\n", "1:6: vus: '1.5' is not a valid integer"),
        ("vus:\n", "1:1: vus needs a value"),
        ("vus: {a: b}\n", "1:6: vus needs a value"),
        ("mouse: no\n", "1:8: mouse is on or off; write true or false"),
        ("start: 1\n", "1:8: start is on or off"),
        ("charset: latin\n", "1:10: charset: 'latin' is not one of"),
        ("duration: 30\n", "1:11: duration: "),
        ("- vus\n", "1:1: a configuration is a mapping of keys; write a setting"),
        ("vus: [\n", "2:1: "),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(
    config: Path, text: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(text, encoding="utf-8")
    assert run([URL, "--headless", "--duration", "1s"]) == ExitCode.BAD_INPUT
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"{config}:{problem}")


def test_everything_wrong_is_told_at_once(config: Path) -> None:
    config.write_text("vus: x\nthem: y\nstep: 2\n", encoding="utf-8")
    found, problems = read_config(config)
    assert len(problems) == 2
    assert found == {"step": "2"}


def test_a_broken_file_keeps_nobody_from_help_and_panic(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text("vus: [\n", encoding="utf-8")
    assert run(["run", "--help"]) == ExitCode.OK
    assert run(["panic"]) == ExitCode.OK
    assert "config.yaml" not in capsys.readouterr().err
