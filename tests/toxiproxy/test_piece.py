from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.toxiproxy.piece import READ, Chunk, End, Piece, Queue


@pytest.mark.parametrize(
    ("size", "room"), [(0, 0), (1, 1), (READ, 1), (READ + 1, 2), (2 * READ, 2), (2 * READ + 1, 3)]
)
def test_a_chunk_takes_as_much_room_as_the_originals_reads_would(size: int, room: int) -> None:
    queue = Queue()
    queue.put(Chunk(memoryview(bytes(size)), 0.0))
    assert queue.room == room


PIECES = st.sampled_from(End) | st.sampled_from([1, READ, READ + 1, 3 * READ]).map(
    lambda size: Chunk(memoryview(bytes(size)), 0.0)
)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(["put", "put_first", "take"]), PIECES), max_size=12))
def test_pieces_leave_in_order_and_take_their_room_with_them(
    steps: list[tuple[str, Piece]],
) -> None:
    queue, wanted = Queue(), list[Piece]()
    for what, piece in steps:
        if what == "put":
            queue.put(piece)
            wanted.append(piece)
        elif what == "put_first":
            queue.put_first(piece)
            wanted.insert(0, piece)
        elif wanted:
            assert queue.take() is wanted.pop(0)
    assert list(queue) == wanted
    while queue:
        queue.take()
    assert queue.room == 0
