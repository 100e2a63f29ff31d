"""A run's verdict as JUnit XML: a test case for each threshold, each check, and the run (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from loadtui.model.ending import Ending
from loadtui.model.plain import printable
from loadtui.model.snapshot import Snapshot
from loadtui.model.units import grouped
from loadtui.outputs.faults import absent, absent_line, named, verdict_line
from loadtui.outputs.limits import measured


class Case(NamedTuple):
    """One test case: `kind` is "" where it passed; `said`: what it says even then."""

    group: str
    name: str
    kind: str = ""
    message: str = ""
    said: str = ""


def document(snapshot: Snapshot, ending: Ending, *, hide: Callable[[str], str] = str) -> bytes:
    """The XML; `hide` takes secrets out of a text. A threshold without data is skipped, unless its
    run fails for that.
    """
    cases = tuple(_cases(snapshot, ending))
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.kind == "failure" for case in cases)),
        "errors": str(sum(case.kind == "error" for case in cases)),
        "skipped": str(sum(case.kind == "skipped" for case in cases)),
        "time": f"{snapshot.elapsed:.3f}",
    }
    root = ET.Element("testsuites", {"name": "loadtui", **counts})
    suite = ET.SubElement(root, "testsuite", {"name": printable(hide(snapshot.name)), **counts})
    properties = ET.SubElement(suite, "properties")
    for name, said in _properties(snapshot):
        ET.SubElement(properties, "property", {"name": name, "value": printable(hide(said))})
    for case in cases:
        attributes = {"classname": case.group, "name": printable(hide(case.name)), "time": "0"}
        element = ET.SubElement(suite, "testcase", attributes)
        if case.kind:
            ET.SubElement(element, case.kind, {"message": printable(hide(case.message))})
        if case.said:
            ET.SubElement(element, "system-out").text = printable(hide(case.said))
    if snapshot.findings:
        lines = "\n".join(printable(hide(each.text)) for each in snapshot.findings)
        ET.SubElement(suite, "system-out").text = lines
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _properties(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """How the run was planned, and what its profile found, each by a name of its own."""
    yield "rehearsal", "true" if snapshot.time_scale != 1.0 else "false"
    if snapshot.profile:
        yield "profile", snapshot.profile
    seen: Counter[str] = Counter()
    for each in snapshot.findings:
        seen[each.about] += 1
        count = seen[each.about]
        yield (each.about if count == 1 else f"{each.about}-{count}"), each.text


def _cases(snapshot: Snapshot, ending: Ending) -> Iterator[Case]:
    for status in snapshot.thresholds:
        said = measured(status)
        if status.fails(strict=ending.strict):
            yield Case("thresholds", status.source, "failure", said)
        elif status.no_data or status.run_ok is None:
            yield Case("thresholds", status.source, "skipped", "no data")
        else:
            yield Case("thresholds", status.source)
    for name, (passed, failed) in snapshot.total.checks.items():
        said = f"{grouped(failed)} of {grouped(passed + failed)} failed"
        yield Case("checks", name, "failure" if failed else "", said)
    yield from _faults(snapshot)
    if ending.is_whole:
        yield Case("run", "came to its end")
    else:
        why = ending.error or ending.verdict
        yield Case("run", "came to its end", "error", f"{why} (exit code {ending.code})")


def _faults(snapshot: Snapshot) -> Iterator[Case]:
    """A case for each fault that was on, with what it did, and for each that did not come.

    How a system takes a fault is for thresholds to judge; that it was there at all is said here.
    """
    seen: Counter[str] = Counter()
    for name, each in named(snapshot):
        seen[name] += 1
        times = f" ({seen[name]})" if seen[name] > 1 else ""
        yield Case("faults", f"{name}{times}", said=verdict_line(each))
    for timed, why in absent(snapshot.chaos.timed):
        kind = "error" if timed.state == "failed" else "skipped"
        yield Case("faults", timed.name, kind, absent_line(timed, why))
