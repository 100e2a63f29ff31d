"""Draw the real screen with scripted snapshots, as PNG files in build/pictures.

Usage: `scripts/pictures [NAME …]`; a name is `state-theme-WIDTHxHEIGHT[-key …]`, such as
`fault-dark-160x50` or `steady-light-100x30-a`. Without names: the whole set. `--svg`: no PNG.
Needs chromium and the fonts JetBrains Mono and DejaVu Sans.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.segment import Segment
from rich.style import Style

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from loadtui.tui.application import LoadtuiApp  # noqa: E402 - found through the path above
from loadtui.tui.setup import Setup  # noqa: E402
from scripts.cell_svg import CELL, ROW, svg  # noqa: E402
from tests.tui import states  # noqa: E402
from tests.tui.scripted import ScriptedLink  # noqa: E402

OUT = ROOT / "build" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
SET = (
    *(f"{state}-dark-160x50" for state in states.NAMES),
    *(f"fault-{theme}-160x50" for theme in ("light", "contrast", "colourblind", "presenter")),
    *(f"fault-dark-{size}" for size in ("120x40", "100x30", "80x24", "60x16", "50x12", "20x5")),
    *(f"{state}-light-{size}" for state in ("after", "fault") for size in ("100x30", "80x24")),
    "fault-none-160x50",
    "steady-dark-160x50-question_mark",
    "steady-dark-160x50-a",
    "steady-dark-80x24-a",
    "fault-dark-160x50-enter",
    "steady-dark-100x30-colon",
    *(f"after-{theme}-160x50-L" for theme in ("dark", "light")),
    *(f"after-{theme}-{size}-g" for theme in ("dark", "light") for size in ("160x50", "80x24")),
    "after-dark-160x50-o",
    "after-dark-160x50-shift+tab-left-left",
    "fault-light-100x30-L",
    "fault-dark-80x24-o",
)


async def picture(name: str) -> tuple[str, int, int]:
    """Run the app in that state and theme (`none`: under NO_COLOR), press the keys, draw it."""
    state, theme, size, *pressed = name.split("-")
    width, height = map(int, size.split("x"))
    os.environ.pop("NO_COLOR", None)
    if theme == "none":
        os.environ["NO_COLOR"] = "1"
    link = ScriptedLink(states.snapshot(state))
    app = LoadtuiApp(link, Setup(theme=None if theme == "none" else theme))
    os.environ.pop("NO_COLOR", None)
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.pause()
        await pilot.press(*pressed)
        await app.workers.wait_for_complete()
        await pilot.pause()
        return svg(segments(app, width), width, height), width, height


def segments(app: LoadtuiApp, width: int) -> list[Segment]:
    """What a terminal of that width would be given to paint, dialogs and filters included."""
    """Everything that a running app shows, in reading order, as a terminal would get it."""
    console = Console(
        width=width,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
    )
    compositor = app.screen._compositor  # noqa: SLF001 - the whole screen at once
    below = app._background_screens  # noqa: SLF001 - what a dialog lies above
    console.print(compositor.render_update(full=True, screen_stack=below))
    recorded = console._record_buffer  # noqa: SLF001 - before it is turned into text
    segments = [Segment(s.text, s.style or Style.null()) for s in Segment.filter_control(recorded)]
    for each in app._filters:  # noqa: SLF001 - what a driver does, such as for NO_COLOR
        segments = each.apply(segments, app.screen.background_colors[1])
    return segments


def png(name: str, drawing: str, width: int, height: int, browser: str) -> None:
    """Let a headless browser turn the drawing into build/pictures/NAME.png."""
    page = OUT / f"{name}.html"
    page.write_text(f'<meta charset="utf-8"><body style="margin:0">{drawing}', encoding="utf-8")
    with tempfile.TemporaryDirectory() as profile:
        where = (f"--user-data-dir={profile}", f"--screenshot={OUT / name}.png")
        window = f"--window-size={width * CELL},{height * ROW}"
        subprocess.run(
            [browser, *_QUIET, *where, window, page.as_uri()],
            check=True,
            capture_output=True,
            timeout=60,
        )
    page.unlink()


def missing() -> str:
    """What is not installed, as a sentence; "" when all is there."""
    if not any(map(shutil.which, BROWSERS)):
        return "chromium is missing: apt-get install chromium fonts-jetbrains-mono fonts-dejavu"
    fonts = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False)
    lacking = [font for font in ("JetBrains Mono", "DejaVu Sans") if font not in fonts.stdout]
    return f"fonts are missing: {', '.join(lacking)}" if lacking else ""


def main(arguments: list[str]) -> int:
    """Draw the named pictures; return the exit code."""
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0
    as_svg = "--svg" in arguments
    if not as_svg and (words := missing()):
        print(words, file=sys.stderr)
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    browser = next(filter(None, map(shutil.which, BROWSERS)), "")
    for name in [a for a in arguments if not a.startswith("-")] or SET:
        drawing, width, height = asyncio.run(picture(name))
        if as_svg:
            (OUT / f"{name}.svg").write_text(drawing, encoding="utf-8")
        else:
            png(name, drawing, width, height, browser)
        print(f"build/pictures/{name}.{'svg' if as_svg else 'png'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
