"""The open files whose offsets deal the rows of data files: see `load.deck`."""

from __future__ import annotations

import os
from collections.abc import Iterable

from loadtui.errors import SetupFailed
from loadtui.model.data import DataSource


def opened(sources: Iterable[DataSource]) -> dict[str, int]:
    """A descriptor, to be inherited by all workers, for each source whose rows have an order.

    Raises SetupFailed where a file is gone.
    """
    out: dict[str, int] = {}
    for each in sources:
        if each.pick != "random":
            try:
                out[each.name] = os.open(each.file, os.O_RDONLY)
            except OSError as error:
                close(out)
                raise SetupFailed(f"{each.written} cannot be read: {error.strerror}") from None
    return out


def close(tickets: dict[str, int]) -> None:
    """Close them, once no worker is to be started any more."""
    for descriptor in tickets.values():
        os.close(descriptor)
    tickets.clear()
