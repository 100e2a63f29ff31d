"""The bytes that a terminal really gets, when everything on the screen has a hostile name."""

from __future__ import annotations

import re

from tests.support.hostile import HOSTILE
from tests.tui.test_app import Terminal, terminals

__all__ = ["terminals"]

OURS = re.compile(
    r"\x1b\[[0-9;:]*m"  # colours
    r"|\x1b\[\d+;\d+H|\x1b\[H"  # a place
    r"|\x1b\[\?(?:1049|1000|1002|1003|1015|1006|1004|2004|2026|2048|25|7)[hl]"
    r"|\x1b\[\?(?:2026|2048)\$p"  # what the terminal can do
    r"|\x1b\[[<>=]\d*;?\d*u|\x1b\[\?u"  # kitty's keyboard
    r"|\x1b\[(?:0|1)?[JK]|\x1b\[\d* q|\x1b\[\d*[ABCD]"
    r"|\x1b\]22;default\x07"  # the pointer's shape
)


def gone(terminal: Terminal, words: str) -> None:
    """Wait until the terminal no longer shows the words."""
    while words in "\n".join(terminal.screen.display):
        assert terminal.read()


def test_a_terminal_gets_no_sequence_but_our_own(terminals: list[Terminal]) -> None:
    terminal = Terminal(module="tests.tui.hostile")
    terminals.append(terminal)
    terminal.until("FAULT ON")
    for step in range(1, len(HOSTILE) // 9 + 2):
        terminal.press("+")
        terminal.until(f"/ {step * 9}")
    for key, words in (("a", "jitter"), ("\x10", "Search"), ("?", "freeze the display")):
        terminal.press(key)
        terminal.until(words)
        terminal.press("\x1b")
        gone(terminal, words)
    terminal.press("P")
    gone(terminal, "generator")
    terminal.press("q")
    terminal.until("Quit?")
    terminal.press("y")
    assert terminal.ended() == 0
    rest = OURS.sub("", terminal.raw.decode())
    odd = {ch for ch in rest if not ch.isprintable() and ch not in "\r\n\u00a0"}
    around = [rest[max(0, at - 20) : at + 20] for at in (rest.find(ch) for ch in odd)]
    assert not odd, (odd, around)
    terminal.close()
