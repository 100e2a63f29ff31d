"""A scenario's proxies and faults against what a server has before anything begins (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from loadtui.chaos.reply import proxy_difference
from loadtui.errors import SetupFailed
from loadtui.model.suggest import advice
from loadtui.model.timed import Timed
from loadtui.model.toxic import Proxy


def other_proxies(wanted: Iterable[Proxy], known: Mapping[str, Proxy]) -> str:
    """That proxies of the same names are there and go elsewhere, "" where all are as wanted."""
    there = (_other(each, known[each.name]) for each in wanted if each.name in known)
    return "; ".join(filter(None, there))


def _other(wanted: Proxy, found: Proxy) -> str:
    if not proxy_difference(wanted, found):
        return ""
    there = f"{found.listen} → {found.upstream}{'' if found.enabled else ', disabled'}"
    return f"proxy {wanted.name} is there already, {there}: it is used as it is"


def check_proxies(timed: Sequence[Timed], names: Collection[str]) -> None:
    """Refuse a fault whose proxy is not on the server: nobody will create it.

    Raises SetupFailed, before anything is sent.
    """
    missing = next((each for each in timed if each.proxy not in names), None)
    if missing is not None:
        what = f"there is no proxy {missing.proxy} on the server for the fault {missing.name}"
        hint = advice(missing.proxy, names) if names else "add it to chaos.proxies"
        raise SetupFailed(what, hint=hint)
