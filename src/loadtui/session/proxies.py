"""A scenario's proxies and faults against what a server has before anything begins (pure)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from loadtui.chaos.reply import proxy_difference
from loadtui.errors import SetupFailed
from loadtui.model.suggest import advice
from loadtui.model.timed import Timed
from loadtui.model.toxic import Proxy


def other_proxy(wanted: Proxy, found: Proxy) -> str:
    """That a proxy of that name is there and goes elsewhere, "" where it is as wanted."""
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
