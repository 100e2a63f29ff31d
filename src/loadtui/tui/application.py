"""The Textual app: themes, keys that work everywhere, snapshots from the session's thread."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from textual import events
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.driver import Driver
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from loadtui.model.command import Alive, LiftAll, Panic, Quit, StopLoad, TogglePause
from loadtui.model.snapshot import Snapshot
from loadtui.session.link import SessionLink
from loadtui.tui.bindings import bindings
from loadtui.tui.charset import CharsetFilter
from loadtui.tui.draw.cells import clean
from loadtui.tui.hiding import HidingFilter
from loadtui.tui.keymap import Found, read_keymap
from loadtui.tui.keys import Keymap, sign_of
from loadtui.tui.palette import palette
from loadtui.tui.screens.main import MainScreen
from loadtui.tui.setup import Setup
from loadtui.tui.terminal import is_gone
from loadtui.tui.theme_choice import ThemeChoice, looked_at
from loadtui.tui.theme_file import read_themes, theme_dir
from loadtui.tui.themes import PRESENTER, choose, theme

TWICE = 2.0
"""Seconds within which a second Ctrl-C leaves."""
SAFE_WITHIN = 3.0
"""Seconds that stopping the process waits for faults to be lifted."""
MOST_TOASTS, FRESH_TOAST = 3, 5.0
"""So many toasts of news at once, within so many seconds: more would hide the screen."""
ALIVE = 1.0
"""Seconds between two signs of life at least."""
LOST = 105
"""What the app returns when its terminal went away."""


def has_ended(snapshot: Snapshot) -> bool:
    """Whether nothing more is to be shown: a replay stays until it is left."""
    if snapshot.replay is not None:
        return snapshot.replay.over
    return snapshot.phase == "ended"


class Arrived(Message):
    """The session has a newer snapshot than the one on the screen."""


class LoadtuiApp(App[int]):
    """Shows a session until it has ended."""

    CSS_PATH = Path(__file__).with_name("style.tcss")
    BINDINGS: ClassVar[list[BindingType]] = bindings(priority=True)
    TITLE = "loadtui"

    def __init__(
        self,
        link: SessionLink,
        setup: Setup = Setup(),  # noqa: B008 - a frozen value
        *,
        clock: Callable[[], float] = time.monotonic,
        driver: type[Driver] | None = None,
    ) -> None:
        # Textual asks for the themes' variables while it is made.
        folders = (theme_dir(), *([setup.home / "themes"] if setup.home else []))
        self._found = read_themes(*folders)
        super().__init__(driver_class=driver)
        self.link, self.setup = link, setup
        self._clock, self._interrupted = clock, float("-inf")
        self._keys = read_keymap(setup.home / "keymap.yaml") if setup.home else Found()
        self._hiding = HidingFilter(setup.secrets, Path.home(), Path.cwd())
        self._filters += (self._hiding, CharsetFilter(setup.charset))
        self._waiting, self._news = False, 0
        self._alive_due = float("-inf")
        self._told: list[float] = []
        for each in self._found.found.values():
            self.register_theme(theme(each, setup.colours))
        self.theme, self._theme_words = choose(setup.theme, self.theme_names, os.environ)
        self._worn, self._before = "", ""
        self._main: MainScreen | None = None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        # Textual's own themes, which the palette may preview, know none of our roles.
        return next((theme(each).variables for each in self._found.found.values()), {})

    def get_default_screen(self) -> MainScreen:
        self._main = MainScreen(self.link, self._keys.keymap)
        return self._main

    def on_mount(self) -> None:
        self.set_keymap(dict(self._keys.keymap))
        for words in (*self._found.problems, self._theme_words, *self._keys.problems):
            if words:
                shown = clean(words.removeprefix(f"{self.setup.home}/"))
                self.notify(shown, severity="warning", markup=False, timeout=10)
        if self.setup.presenter:
            self.action_present()
        self.app_resume_signal.subscribe(self, self._resumed)
        self.set_interval(1.0, self._watch_terminal)
        self.link.subscribe(self._arrived)
        self.on_arrived()

    async def on_event(self, event: events.Event) -> None:
        """Every key, click and paste is a sign of life, wherever it goes then."""
        is_input = isinstance(event, events.InputEvent | events.Paste)
        is_asked = self.link.latest().dead_man is not None
        if is_input and is_asked and self._clock() >= self._alive_due:
            self._alive_due = self._clock() + ALIVE
            self.link.send(Alive())
        await super().on_event(event)

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
        if has_ended(snapshot):
            self.exit(0)
            return
        if (main := self.main) is not None:
            main.take(snapshot)
        self._tell(snapshot)

    @property
    def main(self) -> MainScreen | None:
        """The screen below all dialogs, once there is one."""
        main = self.screen_stack[0] if self._running and self.screen_stack else None
        return main if isinstance(main, MainScreen) else None

    def _tell(self, snapshot: Snapshot) -> None:
        if snapshot.news_number != self._news:
            self._news = snapshot.news_number
            if snapshot.news:
                self._make_room()
                self.notify(clean(snapshot.news), markup=False)

    def _make_room(self) -> None:
        """Of news that come thick and fast the newest stay; the timeline has them all."""
        now = self._clock()
        self._told = [at for at in self._told if now - at < FRESH_TOAST]
        if len(self._told) >= MOST_TOASTS:
            self.clear_notifications()
            self._told = []
        self._told.append(now)

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
        again = sign_of("interrupt", self.keymap_of_keys).replace("^c", "Ctrl-C")
        self.notify(f"Load stopped, faults lifted. {again} again leaves.", markup=False)

    def action_suspend(self) -> None:
        self.action_suspend_process()

    async def action_quit(self) -> None:
        if (main := self.main) is not None:
            main.action_leave()

    def get_system_commands(self, _screen: Screen[object]) -> Iterable[SystemCommand]:
        main = self.main
        return palette(main, self) if main is not None else ()

    def action_present(self) -> None:
        """Presenter mode on or off, with its theme unless the operator chose one."""
        if (main := self.main) is None:
            return
        main.action_present()
        on, hosts = main.looks.presenting, (urlsplit(main.snapshot.target_url).hostname or "",)
        self._hiding.presenting(on=on, hosts=hosts)
        if on and self.setup.theme is None and PRESENTER in self.theme_names:
            self._before, self.theme = self.theme, PRESENTER
        elif not on and self.theme == PRESENTER and self._before:
            self.theme = self._before
        self.refresh_css(animate=False)

    # -- themes --------------------------------------------------------------------------------
    @property
    def theme_names(self) -> tuple[str, ...]:
        """The themes that can be worn."""
        return tuple(self._found.found)

    @property
    def keymap_of_keys(self) -> Keymap:
        """The operator's own keys."""
        return self._keys.keymap

    def wear(self, theme: str) -> None:
        """Wear a theme until another is chosen."""
        self.theme, self._worn = theme, ""
        words = f"Theme {theme}. To keep it, write theme: {theme} into config.yaml."
        self.notify(words, markup=False)

    def action_choose_theme(self) -> None:
        self.push_screen(CommandPalette([ThemeChoice], placeholder="A theme…"))

    def on_command_palette_option_highlighted(
        self, event: CommandPalette.OptionHighlighted
    ) -> None:
        self._worn = self._worn or self.theme
        self.theme = looked_at(event) or self._worn

    def on_command_palette_closed(self, event: CommandPalette.Closed) -> None:
        if self._worn and not event.option_selected:
            self.theme = self._worn
        self._worn = ""

    # -- the process around the screen -----------------------------------------------------------
    def make_safe(self) -> None:
        """Pause the load and lift every fault, because the process is about to be stopped.

        Blocks up to `SAFE_WITHIN` seconds: a stopped process can lift nothing.
        """
        snapshot = self.link.latest()
        if snapshot.chaos.on:
            self.link.send(LiftAll())
        if snapshot.phase == "running":
            self.link.send(TogglePause())
        until = self._clock() + SAFE_WITHIN
        while self._clock() < until:
            now = self.link.latest()
            if not now.chaos.on and now.phase != "running":
                return
            time.sleep(0.02)

    def _resumed(self, _: App[int]) -> None:
        resumes = f"{sign_of('pause', self.keymap_of_keys)} resumes the load"
        words = f"Back. The load is paused and faults are lifted; {resumes}."
        self.notify(words, markup=False, timeout=10)

    def on_terminal_lost(self) -> None:
        self.exit(LOST)

    def _watch_terminal(self) -> None:
        if not self.is_headless and is_gone():
            self.exit(LOST)

    def _fatal_error(self) -> None:
        # A traceback is for developers (TEXTUAL=debug); `run` says in a sentence what happened.
        if "debug" in self.features:
            super()._fatal_error()
        else:
            self._close_messages_no_wait()

    @property
    def opens(self) -> Path | None:
        """The scenario to open once the screen is left."""
        return self._main.opens if self._main is not None else None

    @property
    def failure(self) -> Exception | None:
        """What made the screen fail, if it did."""
        return self._exception
