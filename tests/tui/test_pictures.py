from __future__ import annotations

import re

from scripts.cell_svg import CELL, ROW
from scripts.pictures import SET, picture


async def test_a_picture_is_as_large_as_its_screen_and_has_its_signs_as_shapes() -> None:
    drawing, width, height = await picture("fault-dark-80x24")
    assert (width, height) == (80, 24)
    assert f'width="{80 * CELL}" height="{24 * ROW}"' in drawing
    assert drawing.count("<circle") > 100, "braille is drawn as dots"
    assert not re.search("[\u2801-\u28ff]", drawing)
    assert ">P</text>" in drawing


async def test_a_picture_without_colours_has_greys_only() -> None:
    drawing, _, _ = await picture("fault-none-80x24")
    colours = set(re.findall(r'fill="#(..)(..)(..)"', drawing))
    assert colours
    assert all(red == green == blue for red, green, blue in colours)


def test_the_set_has_every_name_once() -> None:
    assert len(set(SET)) == len(SET)
