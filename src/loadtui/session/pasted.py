"""What was pasted into the screen → the scenario that it would make of the present one."""

from __future__ import annotations

import msgspec

from loadtui.errors import BadInput, TargetRefused
from loadtui.model.plain import printable
from loadtui.model.scenario import Scenario
from loadtui.session.state import Offer
from loadtui.session.targets import Resolve, resolve, stranger

LARGEST = 200_000
"""Characters of a pasted text."""
_SHOWN = 3


def offer(text: str, present: Scenario, *, lookup: Resolve = resolve) -> tuple[Offer, str]:
    """The requests of curl commands in place of `present`'s, as a question; and what is left out.

    Plan, thresholds, ceilings and TLS stay what they are. Neither question nor words hold a header,
    a query or a body. No file is read, whatever a command names.

    Raises:
        BadInput: for a text without a curl command, or what cannot be loaded.
        TargetRefused: for a host off this machine that nobody allowed.
    """
    made, skipped = _made(text)
    entries = (msgspec.structs.replace(each, exec="") for each in present.scenarios)
    scenario = msgspec.structs.replace(
        present,
        name=made.requests[0].name,
        target=made.target,
        requests=made.requests,
        code=None,
        journeys=(),
        scenarios=tuple(entries),
        secrets=tuple(dict.fromkeys((*present.secrets, *made.secrets))),
    )
    if (found := stranger(scenario, lookup)) is not None:
        host, address = found
        raise TargetRefused(
            f"{host} ({address}) is not on this machine, and nobody allowed it",
            hint=f"if you may load it, begin again with --allow {host}",
        )
    if present.tls.verify and not made.tls.verify:
        skipped = (*skipped, "-k is left out: --insecure at the start does that")
    return Offer(scenario, _question(present, scenario)), "; ".join(skipped[:_SHOWN])


def _made(text: str) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario of the commands alone, and what of them is not in it."""
    from loadtui.scenario.importer.curl import from_curl  # noqa: PLC0415 - few sessions paste
    from loadtui.scenario.importer.write import read_back, written  # noqa: PLC0415

    if len(text) > LARGEST:
        raise BadInput("what was pasted is too long", hint="write it to a file, and import that")
    if "curl" not in text:
        raise BadInput("only curl commands can be pasted here", hint="copy a request as cURL")
    # Terminals send the line ends of what is pasted as the return key does.
    found = from_curl(text.replace("\r\n", "\n").replace("\r", "\n"), _no_file)
    made = read_back(written(found, source="what was pasted"))
    return made, tuple(f"line {each.line}: {each.what}" for each in found.skipped)


def _no_file(name: str) -> str:
    hint = "loadtui import curl reads files"
    raise BadInput(f"a pasted command reads no file, not {printable(name)}", hint=hint)


def _question(present: Scenario, scenario: Scenario) -> str:
    names = [request.name for request in scenario.requests[:_SHOWN]]
    more = len(scenario.requests) - len(names)
    words = ", ".join(names) + (f" and {more} more" if more else "")
    now = present.requests[0].name if len(present.requests) == 1 else "what is loaded now"
    return f"Load {words} of {scenario.target} instead of {now}?"
