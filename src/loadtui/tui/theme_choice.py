"""Choosing a theme from the palette: each is worn while it is looked at, escape takes it off."""

from __future__ import annotations

from typing import Protocol, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider


class Wearer(Protocol):
    """An app that wears one theme at a time."""

    @property
    def theme_names(self) -> tuple[str, ...]:
        """What it can wear."""

    def wear(self, theme: str) -> None:
        """Wear a theme for good."""


class Wear:
    """The command to wear a theme; the palette shows which one is looked at."""

    def __init__(self, app: Wearer, theme: str) -> None:
        """Of that app, that theme."""
        self.theme, self._app = theme, app

    def __call__(self) -> None:
        self._app.wear(self.theme)


def looked_at(event: CommandPalette.OptionHighlighted) -> str:
    """The theme that the palette's bar is on, "" where it is on something else."""
    hit = getattr(event.highlighted_event.option, "hit", None)
    command = getattr(hit, "command", None)
    return command.theme if isinstance(command, Wear) else ""


class ThemeChoice(Provider):
    """Every theme, and nothing else."""

    def _commands(self) -> list[Wear]:
        app = cast("Wearer", self.app)
        return [Wear(app, name) for name in app.theme_names]

    async def discover(self) -> Hits:
        for wear in self._commands():
            yield DiscoveryHit(wear.theme, wear)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for wear in self._commands():
            if (score := matcher.match(wear.theme)) > 0:
                yield Hit(score, matcher.highlight(wear.theme), wear)
