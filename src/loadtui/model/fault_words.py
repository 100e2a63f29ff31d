"""Faults in plain words: what each toxic of Toxiproxy 2.12 does, said from where a client stands.

The same as shell lines is in `fault_lines`.
"""

from __future__ import annotations

from collections.abc import Callable

from loadtui.model.toxic import Attribute, Toxic
from loadtui.model.units import NBSP, grouped, share, size


def arrow(stream: str) -> str:
    """↑ for requests to the server (upstream), ↓ for its answers."""
    return "↑" if _is_up(stream) else "↓"


def brief(toxic: Toxic) -> str:
    """The attributes in a few characters: `2 000 ms ±100`; "" for a toxic without any."""
    of = toxic.attributes.get
    match toxic.type:
        case "latency":
            return _with_spread(_counted(of("latency"), "ms"), of("jitter"))
        case "bandwidth":
            return _counted(of("rate"), "kB/s")
        case "timeout" | "reset_peer":
            return _counted(of("timeout"), "ms")
        case "slow_close":
            return _counted(of("delay"), "ms")
        case "slicer":
            return _with_spread(_counted(of("average_size"), "B"), of("size_variation"))
        case "limit_data":
            return _counted(of("bytes"), "B")
        case _:
            return _listed(toxic, NBSP)


def effect(proxy: str, toxic: Toxic | None, connections: int | None = None) -> str:
    """What will happen, in sentences; `toxic` None: the proxy is disabled ("down").

    `connections`: how many are open through the proxy now, None where the server does not tell.
    """
    if toxic is None:
        said = f"{proxy} will refuse every new connection and close those that are open."
        return f"{said} {_connections(connections)} now." if connections else said
    words = _EFFECTS.get(toxic.type, _unknown)
    return f"{words(proxy, toxic)} {_felt(toxic.toxicity, connections)}"


def _is_up(stream: str) -> bool:
    return stream.lower() == "upstream"


def _number(value: Attribute) -> float:
    """An attribute as the server reads it: one that is missing is 0."""
    return float(value) if isinstance(value, int | float) else 0.0


def _plain(value: float) -> str:
    return grouped(value) if float(value).is_integer() else f"{value:g}"


def _counted(value: Attribute, unit: str) -> str:
    return f"{_plain(_number(value))}{NBSP}{unit}"


def _with_spread(text: str, spread: Attribute) -> str:
    return f"{text} ±{_plain(_number(spread))}" if _number(spread) else text


def _listed(toxic: Toxic, between: str) -> str:
    pairs = toxic.attributes.items()
    return ", ".join(
        f"{name}{between}{value if isinstance(value, str | bool | None) else _plain(value)}"
        for name, value in pairs
    )


def _time(low: float, high: float | None = None) -> str:
    """Milliseconds, or a span of them, with the unit that reads best."""
    high = low if high is None else high
    factor, unit = (1000.0, "s") if high >= 1000 else (1.0, "ms")
    if 0 < high < 1:
        factor, unit = 0.001, "µs"
    ends = dict.fromkeys((_plain(low / factor), _plain(high / factor)))
    return f"{'–'.join(ends)}{NBSP}{unit}"


def _flow(proxy: str, toxic: Toxic, *, one: bool = False) -> str:
    """What passes: `answers from payments`, or a single one."""
    if _is_up(toxic.stream):
        return f"request{'' if one else 's'} to {proxy}"
    return f"answer{'' if one else 's'} from {proxy}"


def _latency(proxy: str, toxic: Toxic) -> str:
    delay, jitter = (_number(toxic.attributes.get(name)) for name in ("latency", "jitter"))
    wait = _time(max(0.0, delay - jitter), max(0.0, delay + jitter))
    return f"Each {_flow(proxy, toxic, one=True)} will wait {wait}."


def _bandwidth(proxy: str, toxic: Toxic) -> str:
    rate = _number(toxic.attributes.get("rate"))
    if rate <= 0:
        return f"No {_flow(proxy, toxic, one=True)} will pass until this is lifted."
    many = _flow(proxy, toxic).capitalize()
    return f"{many} will pass at {_counted(rate, 'kB/s')} at most, on each connection."


def _timeout(proxy: str, toxic: Toxic) -> str:
    after = _number(toxic.attributes.get("timeout"))
    end = f"after {_time(after)} of silence it is closed" if after > 0 else "it stays open"
    return f"No {_flow(proxy, toxic, one=True)} will arrive on its connection; {end}."


def _slow_close(proxy: str, toxic: Toxic) -> str:
    delay = _time(_number(toxic.attributes.get("delay")))
    closer, other = ("a client", proxy) if _is_up(toxic.stream) else (proxy, "the client")
    return f"When {closer} closes a connection, {other} will learn of it {delay} later."


def _reset_peer(proxy: str, toxic: Toxic) -> str:
    after = _number(toxic.attributes.get("timeout"))
    when = f"{_time(after)} later" if after > 0 else "at once"
    one = _flow(proxy, toxic, one=True)
    return f"The next {one} will be dropped and its connection reset {when}."


def _slicer(proxy: str, toxic: Toxic) -> str:
    of = toxic.attributes.get
    piece = _with_spread(_counted(of("average_size"), "B"), of("size_variation"))
    delay = _number(of("delay")) / 1000
    apart = f", {_time(delay)} apart" if delay > 0 else ""
    return f"{_flow(proxy, toxic).capitalize()} will arrive in pieces of about {piece}{apart}."


def _limit_data(proxy: str, toxic: Toxic) -> str:
    limit = size(_number(toxic.attributes.get("bytes")))
    return f"Each connection will be closed after {limit} of {_flow(proxy, toxic)}."


def _noop(proxy: str, toxic: Toxic) -> str:
    return f"{_flow(proxy, toxic).capitalize()} will pass unchanged."


def _unknown(proxy: str, toxic: Toxic) -> str:
    given = _listed(toxic, " ")
    return f"{toxic.type} will act on {_flow(proxy, toxic)}{f' with {given}' if given else ''}."


_EFFECTS: dict[str, Callable[[str, Toxic], str]] = {
    "latency": _latency,
    "bandwidth": _bandwidth,
    "timeout": _timeout,
    "slow_close": _slow_close,
    "reset_peer": _reset_peer,
    "slicer": _slicer,
    "limit_data": _limit_data,
    "noop": _noop,
}


def _connections(count: int) -> str:
    return "1 connection is open" if count == 1 else f"{grouped(count)} connections are open"


def _felt(toxicity: float, connections: int | None) -> str:
    """Who feels it: the dice are thrown once a connection, not once a request."""
    if toxicity <= 0:
        return "No connection feels it: the share is 0."
    many = f"{grouped(connections)} connections" if connections else "connections"
    if toxicity < 1:
        return f"About {share(toxicity)} of {many} feel it."
    if connections == 1:
        return "1 connection feels it."
    return f"{many} feel it." if connections else "Every connection feels it."
