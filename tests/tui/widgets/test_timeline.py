"""Notes are chosen in the timeline, edited and removed."""

from __future__ import annotations

import msgspec

from loadtui.model.command import EditNote, RemoveNote
from loadtui.model.marker import Marker
from loadtui.tui.application import LoadtuiApp
from loadtui.tui.widgets.timeline import TimelinePane
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import seen, until

NOTES = (
    Marker(number=1, at=1.0, kind="note", what="bookmark"),
    Marker(number=2, at=2.0, kind="fault", what="latency payments", ended=3.0),
    Marker(number=4, at=9.0, kind="note", what="too early"),
)


def with_notes() -> ScriptedLink:
    return ScriptedLink(msgspec.structs.replace(snapshot("steady"), markers=NOTES))


async def test_enter_edits_the_chosen_note_and_no_words_remove_it() -> None:
    link = with_notes()
    async with LoadtuiApp(link).run_test(size=(160, 50)) as pilot:
        pilot.app.query_one(TimelinePane).focus()
        await pilot.press("enter", "end", "!", "enter")
        await pilot.press("down", "down", "enter", "ctrl+u", "enter")
        assert link.sent == [EditNote(4, "too early!"), RemoveNote(1)]


async def test_what_is_no_note_says_what_can_be_edited() -> None:
    link = with_notes()
    app = LoadtuiApp(link)
    async with app.run_test(size=(160, 50), notifications=True) as pilot:
        app.query_one(TimelinePane).focus()
        await pilot.press("down", "enter")
        await until(pilot, lambda: "Notes, bookmarks and baselines" in seen(app))
        assert link.sent == []


async def test_the_choice_stays_while_markers_come_and_goes_on_from_the_newest() -> None:
    link = with_notes()
    app = LoadtuiApp(link)
    async with app.run_test(size=(160, 50)) as pilot:
        pane = app.query_one(TimelinePane)
        pane.focus()
        await pilot.press("down", "down")
        link.change(markers=(*NOTES, Marker(number=5, at=11.0, kind="act", what="VUs up")))
        await pilot.pause()
        assert pane.chosen == NOTES[0]
        link.change(markers=NOTES[1:])
        await pilot.pause()
        assert pane.chosen == NOTES[2]


async def test_a_click_chooses_and_a_second_one_edits() -> None:
    link = with_notes()
    app = LoadtuiApp(link)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.click("#timeline", offset=(3, 3))
        assert app.query_one(TimelinePane).chosen == NOTES[0]
        await pilot.click("#timeline", offset=(3, 3))
        await pilot.press("ctrl+u", "o", "k", "enter")
        assert link.sent == [EditNote(1, "ok")]
