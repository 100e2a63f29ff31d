"""docs/scenarios.md says what the schema says: no key more or less, its defaults, its examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from loadtui.model.request import Think
from loadtui.model.units import parse_duration
from loadtui.scenario.load import load
from loadtui.scenario.problems import keys_of
from loadtui.scenario.schema import Part, TimeoutPart
from tests.support.real import ROOT

GUIDE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
PARTS = {part.called: part for part in Part.__subclasses__()}
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def rows(called: str) -> Iterator[tuple[str, str]]:
    """Key and default of each row of a part's table."""
    (section,) = re.findall(rf"^### {called}\n(.*?)(?=^### |\Z)", GUIDE, re.DOTALL | re.MULTILINE)
    for key, default in re.findall(r"^\| `(\w+)` \| (.*?) \|", section, re.MULTILINE):
        yield key, default.strip("`") if default.startswith("`") else ""


def by_key(part: type[Part]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in part.model_fields.items()}


def test_there_is_a_table_for_every_part_and_no_other() -> None:
    assert set(re.findall(r"^### (.+)$", GUIDE, re.MULTILINE)) == set(PARTS)


@pytest.mark.parametrize("called", PARTS)
def test_a_table_has_every_key_once(called: str) -> None:
    listed = [key for key, _ in rows(called)]
    assert sorted(listed) == sorted(keys_of(PARTS[called]))


def in_the_file(default: object) -> object:
    """A default as the model has it → what would be written for it."""
    match default:
        case TimeoutPart(request=seconds):
            return seconds
        case Think():
            return default.low
        case ((low, high),):
            return f"{low}-{high}"
        case _:
            return default


@pytest.mark.parametrize("called", PARTS)
def test_a_default_is_what_it_is(called: str) -> None:
    fields = by_key(PARTS[called])
    for key, written in rows(called):
        default = in_the_file(fields[key].default)
        match default:
            case bool():
                assert written == str(default).lower(), key
            case float() if called != "a fault" and key != "sample":
                assert parse_duration(written) == default, key
            case int() | float():
                assert float(written) == default, key
            case str() if written and not written.startswith("preAllocated"):
                assert written == default, key
            case _:
                continue


def test_what_is_needed_is_marked() -> None:
    for called, part in PARTS.items():
        section = GUIDE.split(f"\n### {called}\n")[1].split("\n### ")[0]
        marked = set(re.findall(r"^\| `(\w+)` \| \*needed\*", section, re.MULTILINE))
        assert marked == {key for key, field in by_key(part).items() if field.is_required()}


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_valid(text: str, tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(text, encoding="utf-8")
    assert load(file, env={}).all_requests


def test_every_link_leads_somewhere() -> None:
    heads = {
        head.lower().replace(" ", "-") for head in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    }
    for name in re.findall(r"\]\(#([\w-]+)\)", GUIDE):
        assert name in heads
    for name in re.findall(r"\]\((\w+\.md)\)", GUIDE):
        assert (ROOT / "docs" / name).is_file()
