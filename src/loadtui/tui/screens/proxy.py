"""Create a proxy: three fields, each judged while it is typed."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from loadtui.errors import BadInput
from loadtui.model.command import CreateProxy
from loadtui.model.snapshot import Chaos
from loadtui.tui import fields
from loadtui.tui.draw.cells import clean
from loadtui.tui.screens.dialog import Dialog, enter, row


class ProxyDialog(Dialog):
    """Gives the command that creates a proxy."""

    heading = "create a proxy"

    def __init__(self, chaos: Chaos) -> None:
        super().__init__()
        self._chaos = chaos

    def content(self) -> ComposeResult:
        yield row("name", Input(placeholder="payments", id="name", compact=True))
        yield row("listen", Input(placeholder="127.0.0.1:21001", id="listen", compact=True))
        yield row("upstream", Input(placeholder="127.0.0.1:8080", id="upstream", compact=True))
        yield Static("", id="effect", markup=False)
        yield enter("create")

    def on_mount(self) -> None:
        self.query_one("#name", Input).focus()
        self._typed()

    def _read(self) -> CreateProxy:
        name, listen, upstream = (
            self.query_one(f"#{field}", Input).value for field in ("name", "listen", "upstream")
        )
        return fields.create_proxy(name, listen, upstream, self._chaos)

    @on(Input.Changed)
    def _typed(self) -> None:
        if not any(field.value for field in self.query(Input)):
            self.query_one("#effect", Static).update("Both addresses are host:port.")
            return
        try:
            made = self._read()
            words = f"{made.listen} will lead to {made.upstream}, until this session ends."
            wrong = False
        except BadInput as error:
            words, wrong = f"✗ {error}", True
        self.set_class(wrong, "wrong")
        self.query_one("#effect", Static).update(clean(words))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_submit()

    def action_submit(self) -> None:
        try:
            self.dismiss(self._read())
        except BadInput:
            # The sentence above has said why.
            self.app.bell()
