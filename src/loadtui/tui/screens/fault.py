"""Add a fault, or edit one: every field says at once what is wrong and what would happen."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label, Static

from loadtui.errors import BadInput
from loadtui.model.snapshot import Chaos
from loadtui.model.toxic import AttributeSpec
from loadtui.model.units import duration
from loadtui.tui import fields
from loadtui.tui.draft import DOWN, SHARE, TYPES, Draft, command, sentences, specs
from loadtui.tui.draw.cells import clean
from loadtui.tui.screens.dialog import Dialog, enter, row
from loadtui.tui.widgets.choice import Choice
from loadtui.tui.widgets.number_field import Check, NumberField

STREAMS = {"↓ answers to the client": "downstream", "↑ requests to the server": "upstream"}


class FaultDialog(Dialog):
    """Edits a draft; enter gives the command it means."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", show=False)]

    def __init__(self, draft: Draft, chaos: Chaos) -> None:
        super().__init__()
        self.draft, self._chaos = draft, chaos
        self.heading = "edit the fault" if draft.fault else "add a fault"

    def content(self) -> ComposeResult:
        draft = self.draft
        if draft.fault:
            yield row("proxy", Static(clean(draft.proxy), classes="fixed", markup=False))
            yield row("fault", Static(clean(draft.fault), classes="fixed", markup=False))
        else:
            names = tuple(proxy.name for proxy in self._chaos.proxies)
            at = names.index(draft.proxy) if draft.proxy in names else 0
            yield row("proxy", Choice(names, at, id="proxy", hue="accent"))
            yield row("fault", Choice(TYPES, TYPES.index(draft.type), id="type", hue="fault"))
        yield Vertical(*self._numbers(), id="numbers")
        yield NumberField(SHARE, draft.share, fields.share, id="share")
        if not draft.fault:
            direction = row("direction", Choice(tuple(STREAMS), 0, id="stream", hue="fault"))
            direction.id = "direction"
            yield direction
        hint = duration(self._chaos.ttl)
        yield row(
            "lifts in",
            Input(draft.ttl, placeholder=hint, id="ttl", max_length=12, compact=True),
            Label("by itself, if nobody lifts it before", classes="unit", markup=False),
        )
        yield Static("", id="effect", markup=False)
        yield Static("", id="line", markup=False)
        yield enter("apply" if draft.fault else "inject")

    def _numbers(self) -> list[NumberField]:
        draft = self.draft
        return [
            NumberField(
                spec,
                draft.attributes.get(spec.name, str(spec.default)),
                _checked(spec),
                id=f"attribute-{index}",
            )
            for index, spec in enumerate(specs(draft.type, draft.base))
        ]

    def on_mount(self) -> None:
        self._fit_to_type()
        first = "#numbers Input" if self.draft.type != DOWN else "#ttl"
        if self.draft.fault:
            self.query_one(first, Input).focus()
        else:
            self.query_one("#type", Choice).focus()

    @on(Choice.Changed)
    async def _chosen(self, event: Choice.Changed) -> None:
        event.stop()
        kind = self.query_one("#type", Choice).value
        if kind != self.draft.type:
            self.draft = msgspec.structs.replace(self.draft, type=kind, attributes={})
            numbers = self.query_one("#numbers", Vertical)
            await numbers.remove_children()
            await numbers.mount(*self._numbers())
        self._fit_to_type()

    def _fit_to_type(self) -> None:
        down = self.draft.type == DOWN
        for field in self.query("#share, #direction"):
            field.display = not down
        self._read()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._read()

    def _read(self) -> None:
        """Take the fields into the draft, and say what it would do or what is wrong."""
        draft, numbers = self.draft, list(self.query(NumberField))
        names = [spec.name for spec in specs(draft.type, draft.base)]
        texts = dict(zip(names, (number.text for number in numbers), strict=False))
        changes: dict[str, object] = {
            "attributes": texts,
            "share": self.query_one("#share", NumberField).text,
            "ttl": self.query_one("#ttl", Input).value,
        }
        if not draft.fault:
            changes["proxy"] = self.query_one("#proxy", Choice).value
            changes["stream"] = STREAMS[self.query_one("#stream", Choice).value]
        self.draft = msgspec.structs.replace(draft, **changes)
        self._say()

    def _say(self) -> None:
        try:
            words, line = sentences(self.draft, self._chaos)
            command(self.draft, self._chaos)
            wrong = False
        except BadInput as error:
            words, line, wrong = f"✗ {error}", "", True
        self.set_class(wrong, "wrong")
        self.query_one("#effect", Static).update(clean(words))
        self.query_one("#line", Static).update(f"$ {clean(line)}" if line else "")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_submit()

    def action_submit(self) -> None:
        self._read()
        try:
            self.dismiss(command(self.draft, self._chaos))
        except BadInput:
            # The field and the sentence have said why.
            self.app.bell()


def _checked(spec: AttributeSpec) -> Check:
    return lambda text: fields.attribute(text, spec)
