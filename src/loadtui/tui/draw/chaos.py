"""The chaos panel: every proxy with its faults, what each would do, and how the server fares."""

from __future__ import annotations

import textwrap

import msgspec

from loadtui.model.fault_words import arrow, brief
from loadtui.model.snapshot import Chaos, ProxyStatus, Slot
from loadtui.model.toxic import SPECS, Toxic
from loadtui.tui.draw.cells import (
    Cell,
    Hue,
    Pen,
    Row,
    Rows,
    clean,
    cut,
    fit,
    pen,
    right,
    spread,
    width,
)
from loadtui.tui.draw.figures import NBSP, countdown, number, plural
from loadtui.tui.draw.title import title

Choice = tuple[str, str]
"""A proxy's name and a fault's name: one row that can be chosen."""

_ADVICE = (
    "Load works without one. For faults, run `loadtui toxiproxy` in another terminal, then start"
    " loadtui again."
)


class ChaosPicture(msgspec.Struct, frozen=True):
    """The rows, and which of them stand for which choice."""

    rows: Rows
    choices: dict[int, Choice]


class _Line(msgspec.Struct, frozen=True):
    cells: Row
    choice: Choice | None = None


def choices(chaos: Chaos) -> tuple[Choice, ...]:
    """Every row that can be chosen, in order."""
    return tuple((proxy.name, slot.fault) for proxy in chaos.proxies for slot in proxy.slots)


def chosen_slot(chaos: Chaos, choice: Choice | None) -> tuple[ProxyStatus, Slot] | None:
    """The proxy and slot of a choice, if they are still there."""
    for proxy in chaos.proxies:
        for slot in proxy.slots:
            if (proxy.name, slot.fault) == choice:
                return proxy, slot
    return None


def chaos_panel(
    chaos: Chaos, choice: Choice | None, cells: int, height: int, *, head: Row, focused: bool
) -> ChaosPicture:
    """The panel below its head, scrolled so that the choice is in view."""
    lines = [*_troubles(chaos, cells), *_proxies(chaos, choice, cells, height, focused=focused)]
    room = height - 1
    if len(lines) > room > 0:
        lines = _scrolled(lines, choice, room)
    rows = [head, *(line.cells for line in lines)]
    places = {at: line.choice for at, line in enumerate(lines, 1) if line.choice is not None}
    return ChaosPicture(tuple(rows[:height]), places)


def chaos_head(chaos: Chaos, tabs: str, cells: int, *, focused: bool) -> Row:
    """The panel's head: how many faults are on, and on which server."""
    on = f"{len(chaos.on)} on"
    if ahead := sum(each.state == "waiting" for each in chaos.timed):
        on += f", {ahead} planned"
    note = tabs or (f"{on} · {clean(chaos.server)}" if chaos.server else on)
    if not tabs and width(note) > cells - 12:
        note = on
    return title("chaos", note, cells, focused=focused)


# -- the server ----------------------------------------------------------------------------------
def _troubles(chaos: Chaos, cells: int) -> list[_Line]:
    message = clean(chaos.message)
    said: list[tuple[str, Hue]] = []
    match chaos.state:
        case "none":
            said = [("No Toxiproxy, so no faults.", "ink"), (message or _ADVICE, "quiet")]
        case "starting":
            said = [("Toxiproxy is starting…", "accent"), (message, "quiet")]
        case "stuck":
            said = [("▲ control API stuck (upstream issue #558)", "warn")]
            said.append((message, "quiet"))
        case "lost":
            said = [("✗ Toxiproxy is gone: nothing listens", "bad"), (message, "quiet")]
        case "up":
            said = [(message, "quiet")]
    if chaos.blocked:
        said.append((f"✗ no new faults: {clean(chaos.blocked)}", "bad"))
    lines = [
        _Line(((f" {line}", pen(hue, bold=hue not in {"quiet", "ink"})),))
        for text, hue in said
        for line in textwrap.wrap(text, max(8, cells - 2))
    ]
    if chaos.restartable and chaos.state in {"stuck", "lost"}:
        sign = (" R", pen("accent", bold=True, key="restart"))
        lines.append(_Line((sign, (" restarts it", pen("ink", key="restart")))))
    return lines


# -- proxies and their faults --------------------------------------------------------------------
def _proxies(
    chaos: Chaos, choice: Choice | None, cells: int, height: int, *, focused: bool
) -> list[_Line]:
    lines: list[_Line] = []
    rows = sum(len(proxy.slots) + 1 for proxy in chaos.proxies)
    airy = height - 1 >= rows + len(chaos.proxies) - 1
    names = max((width(clean(s.fault)) for p in chaos.proxies for s in p.slots), default=0)
    for proxy in chaos.proxies:
        if airy and lines:
            lines.append(_Line(()))
        lines.append(_Line(_proxy(proxy, cells)))
        for slot in proxy.slots:
            mine = (proxy.name, slot.fault)
            row = _Slot(slot, cells, chosen=mine == choice, focused=focused, names=names)
            row.begun = chaos.begun
            lines.append(_Line(row.cells(), mine))
    return lines


def _proxy(proxy: ProxyStatus, cells: int) -> Row:
    hot = any(slot.on for slot in proxy.slots) or not proxy.enabled
    counters = "" if proxy.connections is None else f"{number(proxy.connections)} conn "
    if cells >= 50 and proxy.bytes_per_second is not None:
        counters = f"{counters} {number(proxy.bytes_per_second / 1000):>5} kB/s "
    name = f" {fit(clean(proxy.name), 11) if width(proxy.name) <= 11 else clean(proxy.name)} "
    name = cut(name, max(4, cells - width(counters)))
    route = f"{_short(proxy.listen)} → {_short(proxy.upstream)}"
    room = cells - width(name) - width(counters) - 1
    left: list[Cell] = [(name, pen("fault" if hot else "ink", bold=True))]
    if room >= 8:
        left.append((cut(clean(route), room), pen("quiet")))
    return spread(left, [(counters, pen("quiet"))], cells, pen())


def _short(address: str) -> str:
    """An address without its host where that is this machine."""
    host, colon, port = address.rpartition(":")
    return f":{port}" if colon and host in {"127.0.0.1", "localhost", "[::1]"} else address


class _Slot:
    """One row: switch, name, direction, values, slider, share, time left or what goes on.

    `begun`: whether the plan's clock has started, by which a fault comes.
    """

    def __init__(self, slot: Slot, cells: int, *, chosen: bool, focused: bool, names: int) -> None:
        self.slot, self.width, self.chosen, self.focused = slot, cells, chosen, focused
        self.names = max(11, min(names + 1, 16))
        self.bar = max(0, min(12, cells - 50 - self.names + 11))
        self.begun = True
        self.ground: Hue | None = "raise" if chosen else "fault-tint" if slot.on else None

    def cells(self) -> Row:
        slot, ground = self.slot, self.ground
        hot: Hue = "fault" if slot.ours else "warn"
        ink = pen(hot if slot.on else "ink" if self.chosen else "quiet", ground, bold=slot.on)
        soft = pen("ink" if slot.on else "quiet", ground)
        mark = pen("accent" if self.focused else "quiet", ground)
        row: list[Cell] = [
            ("▌" if self.chosen else " ", mark),
            (" ━● " if slot.on else " ○─ ", ink),
            (fit(clean(slot.fault), self.names), ink),
        ]
        if slot.trouble:
            row.append((f" ✗ {clean(slot.trouble)}", pen("bad", ground, bold=True)))
        else:
            row += self._values(soft)
        row += self._end()
        return self._filled(row)

    def _values(self, soft: Pen) -> list[Cell]:
        toxic = self.slot.toxic
        if toxic is None:
            waits = self.width >= 50 and self.slot.begins is not None
            return [(" " * (17 + self.bar + (8 if waits else 0)), soft)]
        values = fit(right(clean(brief(toxic)), 13), 13)
        share = f"{toxic.toxicity * 100:.0f}{NBSP}%"
        row = [(f"{arrow(toxic.stream)} {values}  ", soft), *self._slider(toxic)]
        if self.width >= 50:
            row.append((right(share if self.slot.on or toxic.toxicity < 1 else "", 8), soft))
        return row

    def _slider(self, toxic: Toxic) -> list[Cell]:
        spec = SPECS.get(toxic.type)
        if spec is None or not self.bar:
            return [(" " * self.bar, pen(bg=self.ground))]
        first = spec.attributes[0]
        value = toxic.attributes.get(first.name)
        share = float(value) / first.top if isinstance(value, int | float) else 0.0
        full = max(0, min(self.bar, round(self.bar * share)))
        rail: Hue = "quiet" if self.ground else "line"
        return [
            ("━" * full, pen("fault" if self.slot.on else "quiet", self.ground)),
            ("─" * (self.bar - full), pen(rail, self.ground)),
        ]

    def _end(self) -> list[Cell]:
        slot = self.slot
        if slot.busy:
            return [(f"  {clean(slot.busy)}…", pen("accent", self.ground))]
        if slot.on and not slot.ours:
            return [("  not ours", pen("warn", self.ground))]
        if slot.on and slot.left is not None:
            hue: Hue = "warn" if slot.left < 10 else "fault"
            words = "lifts in " if self.width >= 70 else ""
            return [(f"  {words}{countdown(slot.left)}", pen(hue, self.ground, bold=True))]
        if slot.begins is not None:
            when = "in" if self.begun else "at"
            words = f"  {when} {countdown(slot.begins)}"
            return [(words, pen("accent", self.ground, bold=self.chosen))]
        return [("  skipped", pen("quiet", self.ground))] if slot.skipped else []

    def _filled(self, row: list[Cell]) -> Row:
        used = sum(width(text) for text, _ in row)
        if used > self.width:
            end, over = row.pop(), used - self.width
            keep = sum(width(text) for text, _ in row) - over
            row = [*_cut_row(row, keep), end]
            used = self.width
        return (*row, (" " * max(0, self.width - used), pen(bg=self.ground)))


def _cut_row(row: list[Cell], cells: int) -> list[Cell]:
    out: list[Cell] = []
    for text, hand in row:
        room = cells - sum(width(t) for t, _ in out)
        if room <= 0:
            break
        out.append((text if width(text) <= room else cut(text, room), hand))
    return out


def _scrolled(lines: list[_Line], choice: Choice | None, room: int) -> list[_Line]:
    at = next((i for i, line in enumerate(lines) if line.choice == choice), 0)
    top = max(0, min(at - room // 2, len(lines) - room + 1))
    more = len(lines) - top - room + 1
    hint = _Line(((f"   ↓ {plural(more, 'more row')}" if more else "", pen("quiet")),))
    return [*lines[top : top + room - 1], hint]
