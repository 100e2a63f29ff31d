"""YAML's complaints in words that say what to do."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from loadtui.scenario.place import Place, Problem

_VARIABLE = re.compile(r"\$\{[^}]*\}?")
_TAGGED_METRIC = re.compile(r"[A-Za-z_]\w*\{[^{}]*:[^{}]*\}")

_OPENERS = {
    "while scanning a quoted scalar": "quote",
    "while parsing a flow sequence": "bracket",
    "while parsing a flow mapping": "brace",
}

_ADVICE: tuple[tuple[str, str, str], ...] = (
    ("cannot start any token", r"\t", "a tab indents nothing in YAML; indent with spaces"),
    ("cannot start any token", "", "text cannot begin so; write it in quotes"),
    ("mapping values are not allowed", "", 'a second ": " in one line; write the value in quotes'),
    ("end of stream", "", "a quote is opened and never closed; close it"),
    ("unknown escape", "", "a backslash in double quotes starts an escape; use single quotes"),
    ("another document", "", "one file is one scenario; remove the second ---"),
    ("undefined alias", "", "a text that begins with * is an alias; write it in quotes"),
    ("alphabetic or numeric", "", "* and & name aliases; write the text in quotes"),
    ("'<stream end>'", "", "a bracket or brace is opened and never closed; close it"),
    ("but found '<scalar>'", "", "a quote ends too early; double it inside single quotes"),
    ("<block mapping start>", "", "this line is indented differently; align it with its siblings"),
    ("<block end>", "", "this line does not continue what is above; check its indentation"),
)


def in_words(error: Exception, text: str) -> Problem:
    """The problem behind an exception of the YAML parser on `text`."""
    if isinstance(error, RecursionError):
        return Problem(Place(), "the file is nested too deeply", "flatten it")
    if isinstance(error, ReaderError):
        return _unreadable(error, text)
    if not isinstance(error, MarkedYAMLError):
        return Problem(Place(), f"this is not YAML: {error}", "mend it")
    if (found := _left_open(error)) is not None:
        return found
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark is not None else Place()
    problem = str(error.problem or error.context or "it cannot be read")
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    return Problem(place, *_explained(problem, line, place.column - 1))


def _left_open(error: MarkedYAMLError) -> Problem | None:
    """A quote or bracket that the parser saw the end of only on another line: told where it opens,
    for what is wrong there is none of that line's fault.
    """
    opens, seen = error.context_mark, error.problem_mark
    what = _OPENERS.get(str(error.context))
    if what is None or opens is None or seen is None or seen.line <= opens.line:
        return None
    place = Place(opens.line + 1, opens.column + 1)
    missing = "" if what == "quote" else f", or a comma is missing before line {seen.line + 1}"
    return Problem(place, f"this {what} is opened and never closed{missing}", "close it")


def _explained(problem: str, line: str, column: int) -> tuple[str, str]:
    """What and hint for YAML's `problem` in that line; `column` from 0."""
    if "but got '{'" in problem:
        for found in _VARIABLE.finditer(line):
            if found.start() <= column <= found.end():
                whole = found.group()
                return f"{whole} needs quotes inside {{ }} or [ ]", f'write "{whole}"'
        for found in _TAGGED_METRIC.finditer(line):
            if found.start() <= column <= found.end():
                hint = "put it on a line of its own, without the braces around it"
                return f"{found.group()} cannot be a key inside {{ }}", hint
    for part, sign, words in _ADVICE:
        if part in problem and sign in problem.replace("\t", r"\t"):
            what, _, hint = words.partition("; ")
            return what, hint
    return f"this is not YAML ({problem})", "mend the line"


def _unreadable(error: ReaderError, text: str) -> Problem:
    """A character that YAML does not allow; the error carries its position, not its line."""
    before = text[: error.position]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    what = f"the control character U+{ord(text[error.position]):04X} is not allowed in YAML"
    return Problem(Place(line, column), what, "remove it")
