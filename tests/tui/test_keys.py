from __future__ import annotations

from collections import Counter

from loadtui.tui import keys


def test_no_key_does_two_things_and_no_id_is_used_twice() -> None:
    names = Counter(name for key in keys.KEYS for name in key.keys.split(","))
    ids = Counter(key.id for key in keys.KEYS)
    assert [name for name, count in (names + ids).items() if count > 1 and name not in ids] == []
    assert max(ids.values()) == 1


def test_neighbours_with_the_same_words_share_one_entry() -> None:
    first = keys.shown()[0]
    assert (first.signs, first.words) == ("+ -", "up, down")
    assert keys.shown(every=True)[0].signs == "+ = - _"


def test_a_users_key_is_shown_where_the_table_s_own_would_be() -> None:
    entry = next(e for e in keys.shown({"spike": "ctrl+s"}) if e.words == "spike")
    assert entry.signs == "^s"


def test_the_markdown_table_has_every_key_with_its_tip() -> None:
    text = keys.markdown()
    for key in keys.KEYS:
        assert key.tip in text
    assert "| `+` `=` | One step more virtual users, or starts per second. |" in text
