"""`vu.data`: rows of the scenario's data files, as a journey gets them."""

from __future__ import annotations

from collections.abc import Mapping

from loadtui.load.deck import Deck, OutOfRows, Row
from loadtui.model.suggest import advice


class Data:
    """The row of each source, `vu.data.users` or `vu.data["users"]`: one an iteration, taken when
    it is asked for first.
    """

    __slots__ = ("_decks", "_rows", "_used")

    def __init__(self, decks: Mapping[str, Deck], used: dict[str, Deck]) -> None:
        """`used`: gets those that were asked for."""
        self._decks, self._used = decks, used
        self._rows: dict[str, Row] = {}

    def __getitem__(self, name: str) -> Row:
        if name in self._rows:
            return self._rows[name]
        if name not in self._decks:
            raise KeyError(_undeclared(name, self._decks))
        deck = self._used[name] = self._decks[name]
        row = deck.take()
        if row is None:
            raise OutOfRows(deck)
        self._rows[name] = row
        return row

    def __getattr__(self, name: str) -> Row:
        if name.startswith("__") or name not in self._decks:
            raise AttributeError(_undeclared(name, self._decks))
        return self[name]

    def begin(self) -> None:
        """Enter an iteration."""
        if self._rows:
            self._rows = {}


def _undeclared(name: str, known: Mapping[str, Deck]) -> str:
    hint = advice(name, known) if known else f"add data: {{{name}: {{file: {name}.csv}}}}"
    return f"the scenario declares no data {name}; {hint}"
