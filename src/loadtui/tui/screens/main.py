"""The screen of a session: panes around the newest snapshot, and keys to their acts."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.widget import Widget

from loadtui.model.command import AnyCommand, Paste, Quit, Skip, Strengthen, Toggle
from loadtui.model.snapshot import Snapshot
from loadtui.session.link import SessionLink
from loadtui.tui.acts import Acts
from loadtui.tui.bindings import bindings
from loadtui.tui.draft import TYPES, Draft, edited
from loadtui.tui.draw.bars import Question, question
from loadtui.tui.draw.figures import plural
from loadtui.tui.draw.tiles import NAMES
from loadtui.tui.keys import Keymap
from loadtui.tui.looks import CHARTS, Looks
from loadtui.tui.painter import paint, places
from loadtui.tui.screens.dialog import Dialog
from loadtui.tui.screens.explore import ExploreScreen
from loadtui.tui.screens.fault import FaultDialog
from loadtui.tui.screens.help import HelpDialog
from loadtui.tui.screens.prompt import PromptScreen
from loadtui.tui.screens.proxy import ProxyDialog
from loadtui.tui.viewing import Viewing
from loadtui.tui.widgets.chaos import ChaosPane
from loadtui.tui.widgets.chart import ChartPane
from loadtui.tui.widgets.endpoints import EndpointsPane
from loadtui.tui.widgets.footer import FooterPane
from loadtui.tui.widgets.pane import Pane
from loadtui.tui.widgets.prompt import Prompt
from loadtui.tui.widgets.scroll import ScrollPane
from loadtui.tui.widgets.timeline import TimelinePane


class MainScreen(Viewing, Acts, PromptScreen):
    """Everything about a session at once."""

    HORIZONTAL_BREAKPOINTS = [
        (0, "-tiny"),
        (60, "-small"),
        (100, "-mid"),
        (120, "-wide"),
        (160, "-full"),
    ]
    VERTICAL_BREAKPOINTS = [
        (0, "-flat"),
        (16, "-low"),
        (30, "-tall"),
        (38, "-roomy"),
        (44, "-high"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = bindings(priority=False)
    AUTO_FOCUS = "#chaos"

    def __init__(self, link: SessionLink, keymap: Keymap) -> None:
        super().__init__()
        self.snapshot: Snapshot = link.latest()
        self.looks = Looks(keymap=keymap)
        self.send = link.send
        self._composed = False
        self.opens: Path | None = None

    def compose(self) -> ComposeResult:
        yield Pane(id="head", can_focus=False)
        yield Pane(id="bars", can_focus=False)
        with Horizontal(id="tiles"):
            for name in NAMES:
                yield Pane(id=f"tile-{name}", can_focus=False)
        yield Pane(id="caption", can_focus=False)
        with Container(id="main"):
            with Vertical(id="signals"):
                for chart in CHARTS:
                    yield ChartPane(chart)
                yield EndpointsPane(id="endpoints")
            with Vertical(id="hands"):
                yield ChaosPane()
                yield TimelinePane()
                yield ScrollPane(id="comparison", classes="slot")
                yield EndpointsPane(id="endpoints-slot", classes="slot")
        yield Pane(id="bare", can_focus=False)
        yield Pane(id="thresholds", can_focus=False)
        yield Prompt()
        yield FooterPane()

    # -- what is shown -------------------------------------------------------------------------
    def take(self, snapshot: Snapshot) -> None:
        """Show a new instant."""
        self.snapshot = snapshot
        self.repaint()

    def repaint(self) -> None:
        """Show the same instant as looks and size now are."""
        if self._composed:
            with self.app.batch_update():
                paint(self, self.snapshot, self.looks)

    def on_mount(self) -> None:
        self._composed = True
        self.repaint()

    def on_resize(self) -> None:
        # Breakpoint classes arrive after the event; what depends on them is painted then.
        self.call_after_refresh(self.repaint)

    def on_screen_resume(self) -> None:
        # Under a dialog a screen is resized without its breakpoints being told.
        self.post_message(events.Resize(self.app.size, self.app.size))

    # -- keys that act on the screen -----------------------------------------------------------
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "tour":
                return self.snapshot.has_tour
            case "rearm":
                return bool(self.snapshot.panic)
            case "restart":
                chaos = self.snapshot.chaos
                return chaos.restartable and chaos.state in {"stuck", "lost"}
            case "answer":
                return parameters != (True,) or self._question() is not None
            case _:
                return True

    def _question(self) -> Question | None:
        return question(self.snapshot, self.looks.question)

    def action_answer(self, yes: bool) -> None:  # noqa: FBT001 - from a key's action
        if (asked := self._question()) is not None:
            self.look(question=None)
            self.opens = asked.opens if yes else self.opens
            for command in asked.if_yes if yes else asked.if_no:
                self.send(command)
        elif not yes and self.looks.cursor is not None:
            self.look(cursor=None)
        elif not yes and self.looks.only:
            self.show_only("", heat=self.looks.heat)

    def ask(self, asked: Question) -> None:
        """Put a question of the screen's own; y and escape answer it."""
        self.look(question=asked)

    def action_leave(self) -> None:
        self._leave("Quit?", "quit")

    def open_next(self, path: Path) -> None:
        """Leave the session, and have that scenario opened after it."""
        self._leave(f"Leave, and open {path}?", "open it", path)

    def _leave(self, ask: str, yes: str, opens: Path | None = None) -> None:
        on, running = len(self.snapshot.chaos.on), self._load_runs()
        if not on and not running:
            self.opens = opens
            self.send(Quit())
            return
        load = "The load stops. " if running else ""
        faults = f"{plural(on, 'fault').capitalize()} lifted first." if on else ""
        text = f"{ask} {load}{faults}"
        self.ask(Question(text, yes, "stay", (Quit(),), opens=opens))

    def _load_runs(self) -> bool:
        shot = self.snapshot
        return shot.active > 0 or shot.phase in {"running", "paused"}

    def action_switch(self) -> None:
        if (chosen := self.query_one(ChaosPane).chosen) is not None:
            proxy, slot = chosen
            self.send(Toggle(proxy.name, slot.fault))

    def action_skip(self) -> None:
        if (chosen := self.query_one(ChaosPane).chosen) is not None:
            proxy, slot = chosen
            self.send(Skip(proxy.name, slot.fault))

    @on(Pane.Clicked)
    def _clicked(self, event: Pane.Clicked) -> None:
        """Heads turn what takes turns; the load can be typed."""
        name = str(event.pane.id)
        if name == "tile-vus":
            self.action_type_target()
        elif event.y == 0 and name in CHARTS and self.has_class("-small"):
            self.action_next_chart()
        elif event.y == 0 and name in places(self):
            self.action_next_pane()
        elif isinstance(event.pane, ChartPane):
            self.look(cursor=event.pane.moment(event.x))

    @on(ChaosPane.Switched)
    def _switched(self) -> None:
        self.action_switch()

    def action_strengthen(self, steps: int) -> None:
        if isinstance(self.focused, ChartPane):
            self.move_cursor(steps, self.focused.seconds_a_cell)
        elif (chosen := self.query_one(ChaosPane).chosen) is not None and chosen[1].toxic:
            self.send(Strengthen(chosen[0].name, chosen[1].fault, steps))

    def action_move(self, by: int) -> None:
        pane = self.focused
        if not isinstance(pane, ScrollPane | EndpointsPane | TimelinePane):
            pane = self.query_one(ChaosPane)
        pane.move(by)

    @property
    def _table(self) -> EndpointsPane:
        """The table that can be seen, or the one at the left."""
        found = [pane for pane in self.query(EndpointsPane) if pane.display]
        return found[0] if found else self.query(EndpointsPane).first()

    def action_only(self) -> None:
        chosen = self._table.choice
        self.show_only("" if self.looks.only else chosen, heat=self.looks.heat)

    @on(EndpointsPane.Chosen)
    def _chosen(self, event: EndpointsPane.Chosen) -> None:
        name = "" if self.looks.only == event.name else event.name
        self.show_only(name, heat=self.looks.heat)

    # -- dialogs ---------------------------------------------------------------------------------
    def action_explore(self) -> None:
        self.app.push_screen(ExploreScreen(lambda: self.own, Path.cwd()))

    def action_help(self) -> None:
        self.app.push_screen(HelpDialog(self.looks.keymap, self.looks.table))

    def action_edit(self) -> None:
        if isinstance(self.focused, TimelinePane):
            self.edit_note(self.focused.chosen)
        elif isinstance(self.focused, EndpointsPane):
            self._chosen(EndpointsPane.Chosen(self.focused.choice))
        elif (chosen := self.query_one(ChaosPane).chosen) is not None:
            self._open(FaultDialog(edited(*chosen), self.snapshot.chaos))

    def action_add(self) -> None:
        chaos = self.snapshot.chaos
        if not chaos.proxies:
            self.action_create_proxy()
            return
        chosen = self.query_one(ChaosPane).chosen
        proxy = chosen[0].name if chosen is not None else chaos.proxies[0].name
        self._open(FaultDialog(Draft(proxy=proxy, type=TYPES[0]), chaos))

    def action_create_proxy(self) -> None:
        if self.snapshot.chaos.state == "up":
            self._open(ProxyDialog(self.snapshot.chaos))
        else:
            words = "A proxy needs a Toxiproxy that answers."
            self.app.notify(words, severity="warning", markup=False)

    def _open(self, dialog: Dialog) -> None:
        def done(command: AnyCommand | None) -> None:
            if command is not None:
                self.send(command)

        self.app.push_screen(dialog, done)

    # -- looks ---------------------------------------------------------------------------------
    def action_next_pane(self) -> None:
        turning = places(self)
        if turning:
            pane = (self.looks.pane + 1) % len(turning)
            self.look(pane=pane)
            self.query_one(f"#{turning[pane]}", Widget).focus()

    # -- pasting ---------------------------------------------------------------------------------
    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if event.text.strip():
            self.send(Paste(event.text))
