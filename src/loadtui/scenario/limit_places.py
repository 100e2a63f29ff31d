"""Where the thresholds of a scenario file stand."""

from __future__ import annotations

from pathlib import Path

import msgspec

from loadtui.errors import BadInput
from loadtui.model.threshold import metric_text, parse
from loadtui.scenario.extend import read_whole
from loadtui.scenario.limit_rules import kinds
from loadtui.scenario.load import read_text
from loadtui.scenario.place import Place, mapping, sequence


def limit_places(file: Path) -> dict[tuple[str, str], Place]:
    """Metric with its tags and rule, as a verdict names them → place, its file always named.

    What cannot be read, or is filled in from the environment, has none.
    """
    try:
        document = read_whole(file, read_text)
    except BadInput:
        return {}
    declared, found = kinds(document.root), {}
    for key, entries in mapping(mapping(document.root).get("thresholds")).items():
        for index, entry in enumerate(sequence(entries)):
            rule = entry.get("threshold") if isinstance(entry, dict) else entry
            stands = document.value_place(("thresholds", key, index))
            place = msgspec.structs.replace(stands, file=stands.file or str(file))
            try:
                threshold = parse(str(key), str(rule), declared=declared)
            except BadInput:
                continue
            found[metric_text(threshold), threshold.source] = place
    return found
