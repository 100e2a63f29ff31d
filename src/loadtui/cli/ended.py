"""The exit code of a run with its reason: what a session's own verdict cannot know."""

from __future__ import annotations

from loadtui.cli.tell import note
from loadtui.errors import ExitCode
from loadtui.model.ending import Ending
from loadtui.model.scenario import Scenario
from loadtui.session.options import Outcome


def judged(outcome: Outcome, scenario: Scenario, *, strict: bool, headless: bool) -> Ending:
    """The exit code with its reason: a run in which nothing ever worked is a failed set-up."""
    code, error = outcome.code, outcome.error
    if code in {ExitCode.OK, ExitCode.THRESHOLD}:
        by_itself = (_unanswered(outcome) or _not_injected(outcome)) if headless else ""
        why = _raised(outcome, scenario) or by_itself
        if why:
            code, error = ExitCode.SETUP, why
            note(f"loadtui: {why}")
    unlifted = tuple(lift.text for lift in outcome.unlifted if lift.result == "failed")
    return Ending(code, error, strict, unlifted)


def _raised(outcome: Outcome, scenario: Scenario) -> str:
    """That every iteration of a journey raised; or ""."""
    total = outcome.final.total
    if not scenario.has_code or not total.iterations or total.iterations_failed < total.iterations:
        return ""
    return f"every iteration failed ({total.iterations}): the journey raised each time"


def _unanswered(outcome: Outcome) -> str:
    """That requests were sent and none was ever answered, so that nothing was measured; or ""."""
    total = outcome.final.total
    if not total.requests or total.statuses:
        return ""
    kinds = ", ".join(f"{kind} ×{count}" for kind, count in total.errors.items())
    return f"{outcome.final.target_url} never answered ({kinds}); is it up?"


def _not_injected(outcome: Outcome) -> str:
    """That a fault of the plan never came, so that what was to be tested was not; or ""."""
    missed = [each for each in outcome.final.chaos.timed if each.state == "failed"]
    if not missed:
        return ""
    more = f", and {len(missed) - 1} more" if len(missed) > 1 else ""
    return f"the fault {missed[0].name} was not injected{more}: {missed[0].why}"
