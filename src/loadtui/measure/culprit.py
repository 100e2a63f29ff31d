"""Who broke a window of a threshold: the request that did most of it, and how it failed (pure)."""

from __future__ import annotations

import msgspec

from loadtui.measure.judge import trend_value
from loadtui.measure.store import Store
from loadtui.measure.tally import Tally, reasons
from loadtui.model.threshold import Threshold
from loadtui.model.verdict import WindowValue


def blamed(window: WindowValue, store: Store, threshold: Threshold, start: int) -> WindowValue:
    """The window, which began with second `start`, with the request and the reason behind it.

    Of a time it is the slowest request by the threshold's own aggregate, of failures the one that
    failed most often; tags other than a name leave it open. `reason`: of most of its failures.
    """
    end = start + round(window.until - window.since)
    names = _names(store, threshold, start, end)
    tallies = {name: store.window(start, end, frozenset({name})) for name in names}
    worst = max(tallies, key=lambda name: _weight(threshold, tallies[name]), default="")
    if not worst or not _weight(threshold, tallies[worst]):
        return window
    why = reasons(tallies[worst]) if tallies[worst].failed else {}
    reason = max(why, key=lambda each: why[each], default="")
    return msgspec.structs.replace(window, endpoint=worst, reason=reason)


def _names(store: Store, threshold: Threshold, start: int, end: int) -> list[str]:
    if set(threshold.tags) - {"name"}:
        return []
    if "name" in threshold.tags:
        return [threshold.tags["name"]]
    seconds = (store.second(second) for second in range(start, end))
    return list(dict.fromkeys(name for each in seconds if each for name in each.names))


def _weight(threshold: Threshold, tally: Tally) -> float:
    match threshold.metric:
        case "http_req_duration":
            return trend_value(threshold, tally.duration) or 0.0
        case "http_req_failed":
            return float(tally.failed)
        case _:
            return 0.0
