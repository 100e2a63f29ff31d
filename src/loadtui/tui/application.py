"""The Textual app: themes, keys that work everywhere, snapshots from the session's thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.message import Message
from textual.widgets import Input

from loadtui.model.command import LiftAll, Panic, Quit, StopLoad, TogglePause
from loadtui.model.snapshot import Snapshot
from loadtui.session.link import SessionLink
from loadtui.tui.bindings import bindings
from loadtui.tui.draw.cells import clean
from loadtui.tui.keys import Keymap, unknown
from loadtui.tui.screens.main import MainScreen
from loadtui.tui.themes import choose, load_themes, theme_dir

TWICE = 2.0
"""Seconds within which a second Ctrl-C leaves."""


class Arrived(Message):
    """The session has a newer snapshot than the one on the screen."""


class LoadtuiApp(App[int]):
    """Shows a session until it has ended."""

    CSS_PATH = "style.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(priority=True)
    TITLE = "loadtui"

    def __init__(
        self,
        link: SessionLink,
        *,
        theme: str | None = None,
        keymap: Keymap | None = None,
        ascii_only: bool = False,
        clock: Callable[[], float] = time.monotonic,
        driver: type[Driver] | None = None,
    ) -> None:
        # Textual asks for the themes' variables while it is made.
        self._found = load_themes(theme_dir())
        super().__init__(driver_class=driver)
        self.link, self.ascii_only = link, ascii_only
        self._clock, self._interrupted = clock, float("-inf")
        self._keymap_wanted = dict(keymap or {})
        self._waiting, self._news = False, 0
        for each in self._found.themes:
            self.register_theme(each)
        self.theme, self._theme_words = choose(theme, self._found)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        # Textual's own themes, which the palette may preview, know none of our roles.
        return dict(self._found.themes[0].variables) if self._found.themes else {}

    def get_default_screen(self) -> MainScreen:
        return MainScreen(self.link, self._keymap_wanted)

    def on_mount(self) -> None:
        self.set_keymap(self._keymap_wanted)
        for words in (*self._found.problems, self._theme_words):
            if words:
                self.notify(words, severity="warning", markup=False, timeout=10)
        for name in unknown(self._keymap_wanted):
            self.notify(f"keymap: there is no key {name!r}", severity="warning", markup=False)
        self.link.subscribe(self._arrived)
        self.on_arrived()

    # -- snapshots -----------------------------------------------------------------------------
    def _arrived(self, _: Snapshot) -> None:
        """On the session's thread: one message at a time, however many snapshots there are."""
        if not self._waiting:
            self._waiting = True
            try:
                self.post_message(Arrived())
            except RuntimeError:
                # The loop has ended with the screen; the session goes on without one.
                return

    def on_arrived(self) -> None:
        self._waiting = False
        snapshot = self.link.latest()
        if snapshot.phase == "ended":
            self.exit(0)
            return
        main = self.screen_stack[0] if self.screen_stack else None
        if isinstance(main, MainScreen):
            main.take(snapshot)
        self._tell(snapshot)

    def _tell(self, snapshot: Snapshot) -> None:
        if snapshot.news_number != self._news:
            self._news = snapshot.news_number
            if snapshot.news:
                self.notify(clean(snapshot.news), markup=False)

    # -- keys that work everywhere -------------------------------------------------------------
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "panic_typed":
            return not isinstance(self.focused, Input)
        return super().check_action(action, parameters)

    def action_panic(self) -> None:
        self.link.send(Panic("key"))

    def action_panic_typed(self) -> None:
        self.link.send(Panic("key"))

    def action_interrupt(self) -> None:
        now = self._clock()
        if now - self._interrupted <= TWICE:
            self.link.send(Quit(code=105, hurry=True))
            return
        self._interrupted = now
        self.link.send(StopLoad())
        self.link.send(LiftAll())
        self.notify("Load stopped, faults lifted. Ctrl-C again leaves.", markup=False)

    def action_suspend(self) -> None:
        self.action_suspend_process()

    async def action_quit(self) -> None:
        main = self.screen_stack[0]
        if isinstance(main, MainScreen):
            main.action_leave()

    def make_safe(self) -> bool:
        """Before the process stops: pause the load, lift every fault; → whether that was needed."""
        snapshot = self.link.latest()
        running = snapshot.phase == "running"
        if snapshot.chaos.on:
            self.link.send(LiftAll())
        if running:
            self.link.send(TogglePause())
        return running or bool(snapshot.chaos.on)
