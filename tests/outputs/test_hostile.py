"""Whatever servers and files call things, what a run leaves behind only shows it."""

from __future__ import annotations

import io
import json
from xml.etree import ElementTree as ET

import msgspec
import pytest

from loadtui.cli.headless import progress, say
from loadtui.cli.tell import note
from loadtui.model.ending import Ending
from loadtui.model.finding import Finding
from loadtui.model.snapshot import Snapshot
from loadtui.model.watch import Watched
from loadtui.outputs.junit import document
from loadtui.outputs.summary import summary
from loadtui.outputs.summary_json import document as summary_json
from tests.outputs.test_summary import FULL, POINTS
from tests.support.hostile import HOSTILE, acts
from tests.tui.states import snapshot as state


def named(text: str) -> Snapshot:
    """A whole session in which everything has that name."""
    total = msgspec.structs.replace(
        FULL.total, errors={text: 2}, checks={text: (1, 1)}, counters={text: 1.0}
    )
    return msgspec.structs.replace(
        FULL,
        name=text,
        target_url=text,
        total=total,
        endpoint_totals=((text, FULL.endpoint_totals[0][1]),),
        thresholds=tuple(msgspec.structs.replace(t, source=text) for t in FULL.thresholds),
        findings=(Finding("knee", text),),
        watched=(Watched(text, 7, memory=6e7),),
        markers=tuple(
            msgspec.structs.replace(m, what=text, detail=text, short=text, outcome=text)
            for m in FULL.markers
        ),
        comparisons=tuple(msgspec.structs.replace(each, what=text) for each in FULL.comparisons),
        journal=text,
        unfed=(text,),
    )


def test_there_are_a_hundred() -> None:
    assert len(set(HOSTILE)) >= 100


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_in_summary_and_files_it_is_text(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    what = named(text)
    assert acts(summary(what, POINTS, width=100, colour=False)) == ""
    ending = Ending(107, text)
    root = ET.fromstring(document(what, ending))  # noqa: S314 - our own text
    assert len(list(root.iter("testcase"))) == len(FULL.thresholds) + len(FULL.comparisons) + 2
    said = msgspec.json.encode(summary_json(what, ending, loadtui="1"))
    assert json.loads(said)["name"] == text
    note(f"loadtui: {text}")
    assert acts(capsys.readouterr().err) == ""


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_in_the_progress_of_a_headless_run_it_is_text(text: str) -> None:
    what = state("fault")
    proxies = tuple(msgspec.structs.replace(each, name=text) for each in what.chaos.proxies)
    chaos = msgspec.structs.replace(what.chaos, proxies=proxies)
    out = io.StringIO()
    say(out, progress(msgspec.structs.replace(what, chaos=chaos)))
    say(out, f"  · {text}")
    assert acts(out.getvalue()) == ""
    assert out.getvalue().count("\n") == 2
