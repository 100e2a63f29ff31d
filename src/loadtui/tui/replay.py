"""The app of a replay: it stops nothing, for nothing runs."""

from __future__ import annotations

from textual.app import App

from loadtui.model.command import Quit
from loadtui.session.replay import Replay
from loadtui.tui.application import LoadtuiApp
from loadtui.tui.screens.main import MainScreen
from loadtui.tui.screens.replay import ReplayScreen


class ReplayApp(LoadtuiApp):
    """Shows a journal until it is left."""

    def get_default_screen(self) -> MainScreen:
        return ReplayScreen(self._replay, self._keys.keymap)

    @property
    def _replay(self) -> Replay:
        assert isinstance(self.link, Replay)  # noqa: S101 - `run_replay` gives it nothing else
        return self.link

    def action_interrupt(self) -> None:
        self.link.send(Quit())

    def make_safe(self) -> None:
        """Nothing runs that a stopped process would leave behind."""

    def _resumed(self, _: App[int]) -> None:
        """Nothing was paused."""
