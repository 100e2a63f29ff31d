"""From the table of keys to Textual's bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from loadtui.tui.keys import KEYS, Key


def bindings(*, priority: bool, table: tuple[Key, ...] = KEYS) -> list[BindingType]:
    """The keys of a table that work above dialogs (`priority`), or all others."""
    return [
        Binding(
            key.keys,
            key.action,
            key.words,
            id=key.id,
            show=False,
            priority=priority,
            tooltip=key.tip,
        )
        for key in table
        if key.priority is priority
    ]
