"""A number with its name, unit and slider; ↑ and ↓ move it, and so does a click on the slider."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label

from loadtui.errors import BadInput
from loadtui.model.toxic import AttributeSpec
from loadtui.tui.draw.cells import Rows
from loadtui.tui.draw.slider import slider
from loadtui.tui.fields import whole
from loadtui.tui.widgets.pane import Pane

Check = Callable[[str], object]
"""Reads what was typed; raises BadInput."""


class _Slider(Pane):
    ground = "tile"


class NumberField(Horizontal):
    """Shows `spec`; `text` is what was typed, judged by `check`."""

    def __init__(self, spec: AttributeSpec, text: str, check: Check, *, id: str) -> None:
        super().__init__(id=id, classes="field")
        self._spec, self._check, self._first = spec, check, text
        self.problem = ""

    def compose(self) -> ComposeResult:
        yield Label(self._spec.name, classes="name", markup=False)
        yield Input(self._first, restrict=r"[\d \u00a0]*", max_length=12, compact=True)
        yield Label(self._spec.unit, classes="unit", markup=False)
        yield _Slider(id="slider", can_focus=False)

    def on_mount(self) -> None:
        self.judge()

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    def judge(self) -> None:
        """Say what is wrong, or show where the value is."""
        try:
            self._check(self.text)
            self.problem = ""
        except BadInput as error:
            self.problem = str(error)
        self._show_slider()

    def _show_slider(self) -> None:
        spec, problem = self._spec, self.problem
        share = 0.0 if problem else (whole(self.text) - spec.low) / max(1, spec.top - spec.low)

        def draw(cells: int, _height: int, _focused: bool) -> Rows:  # noqa: FBT001 - a Draw
            return (slider(share, cells, hue="fault", ground="tile", problem=problem),)

        self.query_one(_Slider).show(draw)

    def on_input_changed(self) -> None:
        self.judge()

    def on_key(self, event: events.Key) -> None:
        if event.key in {"up", "down"}:
            event.stop()
            self._step(1 if event.key == "up" else -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._step(-1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._step(1)

    def on_pane_clicked(self, event: Pane.Clicked) -> None:
        event.stop()
        share = event.x / max(1, event.pane.size.width - 1)
        self._move(round(self._spec.low + share * (self._spec.top - self._spec.low)))

    def _step(self, by: int) -> None:
        self._move(self._number() + by * max(1, self._spec.top // 20))

    def _number(self) -> int:
        try:
            return whole(self.text)
        except BadInput:
            return self._spec.low

    def _move(self, value: int) -> None:
        self.query_one(Input).value = str(max(self._spec.low, min(value, self._spec.top)))
