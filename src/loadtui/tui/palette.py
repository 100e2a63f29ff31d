"""What the command palette offers: every key by its words, proxies, themes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Protocol

from textual.app import SystemCommand

from loadtui.model.command import DeleteProxy, LiftAll
from loadtui.model.replay import SeekTo
from loadtui.model.units import moment
from loadtui.tui.draw.bars import Question
from loadtui.tui.draw.cells import clean
from loadtui.tui.draw.figures import circled
from loadtui.tui.keys import Keymap, sign_of
from loadtui.tui.screens.main import MainScreen
from loadtui.tui.setup import Setup
from loadtui.tui.theme_choice import Wear, Wearer

_LEFT_OUT = frozenset({"palette", "yes", "no"})
"""What means nothing, or itself, once the palette is closed."""
# The palette reads its texts as markup, and escaping is incomplete in Textual.
_BRACKETS = str.maketrans({"[": "(", "]": ")"})


class Offering(Wearer, Protocol):
    """What the palette asks of the app."""

    @property
    def keymap_of_keys(self) -> Keymap:
        """The operator's own keys."""

    @property
    def setup(self) -> Setup:
        """What the screen was started with."""


def palette(main: MainScreen, app: Offering) -> Iterator[SystemCommand]:
    """Every command that makes sense now, every scenario at hand, every theme."""
    for key in main.looks.table:
        name, _, rest = key.action.partition("(")
        allowed = main.check_action(name, (rest,))
        if key.id not in _LEFT_OUT and allowed:
            yield SystemCommand(
                key.tip.rstrip("."),
                f"key {sign_of(key.id, app.keymap_of_keys)}",
                partial(main.app.run_action, key.action, main),
            )
    yield from _endpoints(main)
    if main.snapshot.replay is not None:
        yield from _moments(main)
    else:
        yield SystemCommand("Lift every fault", "the load goes on", lambda: main.send(LiftAll()))
        yield from _proxies(main)
        for path in app.setup.scenarios:
            name = clean(str(path)).translate(_BRACKETS)
            words = "leave this session and open that one"
            yield SystemCommand(f"Open the scenario {name}", words, partial(main.open_next, path))
    for theme in app.theme_names:
        yield SystemCommand(f"Theme: {theme}", "worn while you look at it", Wear(app, theme))


def _endpoints(main: MainScreen) -> Iterator[SystemCommand]:
    """Each endpoint alone, and all of them again."""
    show = partial(main.show_only, heat=main.looks.heat)
    if main.looks.only:
        yield SystemCommand("Show every endpoint", "in all panes", partial(show, ""))
    for endpoint in main.snapshot.endpoints:
        name = clean(endpoint.name).translate(_BRACKETS)
        words = "its numbers alone, in all panes"
        yield SystemCommand(f"Show only {name}", words, partial(show, endpoint.name))


def _moments(main: MainScreen) -> Iterator[SystemCommand]:
    """Every marker of a replay so far."""
    for marker in main.snapshot.markers:
        words = clean(f"{marker.what} {marker.detail}").translate(_BRACKETS)
        yield SystemCommand(
            f"Go to {circled(marker.number)} {words}",
            f"at {moment(marker.at)}",
            partial(main.take_typed, SeekTo(marker.at)),
        )


def _proxies(main: MainScreen) -> Iterator[SystemCommand]:
    if main.snapshot.chaos.state != "up":
        return
    words = "with an address to listen on and an upstream"
    yield SystemCommand("Create a proxy", words, main.action_create_proxy)
    for proxy in main.snapshot.chaos.proxies:
        name = clean(proxy.name).translate(_BRACKETS)
        back = "for good" if proxy.ours else "it comes back when the session ends"
        yield SystemCommand(f"Delete the proxy {name}", back, partial(_delete, main, proxy.name))


def _delete(main: MainScreen, name: str) -> None:
    text = f"Delete the proxy {name}? What connects through it is cut off."
    main.ask(Question(text, "delete", "keep", (DeleteProxy(name),)))
