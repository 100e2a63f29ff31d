"""What the command palette offers: every key by its words, proxies, themes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.app import SystemCommand

from loadtui.model.command import DeleteProxy, LiftAll
from loadtui.tui.draw.bars import Question
from loadtui.tui.draw.cells import clean
from loadtui.tui.keys import KEYS, sign
from loadtui.tui.screens.main import MainScreen

_LEFT_OUT = frozenset({"palette", "focus-next", "focus-previous", "yes", "no"})
# The palette reads its texts as markup, and escaping is incomplete in Textual.
_BRACKETS = str.maketrans({"[": "(", "]": ")"})


def palette(main: MainScreen, themes: tuple[str, ...]) -> Iterator[SystemCommand]:
    """Every command that makes sense now."""
    for key in KEYS:
        name, _, rest = key.action.partition("(")
        allowed = main.check_action(name, (rest,))
        if key.id not in _LEFT_OUT and allowed:
            yield SystemCommand(
                key.tip.rstrip("."),
                f"key {sign(key.keys.partition(',')[0])}",
                partial(main.app.run_action, key.action, main),
            )
    yield SystemCommand("Lift every fault", "the load goes on", lambda: main.send(LiftAll()))
    yield from _proxies(main)
    for theme in themes:
        yield SystemCommand(f"Theme: {theme}", "change the colours", partial(_dress, main, theme))


def _dress(main: MainScreen, theme: str) -> None:
    main.app.theme = theme


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
