"""Draw the README's picture from a real run: the demo, driven by hand, looked at after the lift.

Usage: `.venv/bin/python scripts/live_picture.py [OUT_DIR]`. Starts the demo (real PostgreSQL, the
embedded Toxiproxy), adds 60 virtual users, spikes, slows payments down, lifts it, and draws
`live-fault` and `live-after` in the dark and the light theme. Needs what `scripts/pictures.py`
needs.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from loadtui.cli.places import journal_path, state_dir  # noqa: E402 - found through the path above
from loadtui.demo.scenario import demo_scenario  # noqa: E402
from loadtui.demo.system import DemoSystem  # noqa: E402
from loadtui.model import command as c  # noqa: E402
from loadtui.session.options import Options  # noqa: E402
from loadtui.session.session import Session  # noqa: E402
from loadtui.tui.application import LoadtuiApp  # noqa: E402
from loadtui.tui.setup import Setup  # noqa: E402
from scripts import pictures  # noqa: E402
from scripts.cell_svg import svg  # noqa: E402

WIDTH, HEIGHT = 160, 50


async def draw(session: Session, out: Path) -> None:
    """Drive the session as a person would, and draw it twice."""
    app = LoadtuiApp(session, Setup(theme="dark"))
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:

        async def wait(seconds: float) -> None:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                await pilot.pause(0.05)

        while session.latest().phase == "starting":
            await wait(0.2)
        await pilot.press("right_square_bracket")
        await wait(6)
        await pilot.press("s")
        await wait(10 + 33)  # "before" is 30 s: without the spike
        await pilot.press("space")
        await wait(18)
        shoot(app, "live-fault", out)
        await pilot.press("space")
        await wait(28)
        shoot(app, "live-after", out)
        app.theme = "light"
        await wait(1)
        shoot(app, "live-after-light", out)
        session.send(c.Quit())
        await wait(3)


def shoot(app: LoadtuiApp, name: str, out: Path) -> None:
    """Draw the screen as it is now."""
    browser = next(filter(None, map(shutil.which, pictures.BROWSERS)), "")
    drawing = svg(pictures.segments(app, WIDTH), WIDTH, HEIGHT)
    pictures.OUT.mkdir(parents=True, exist_ok=True)
    pictures.png(name, drawing, WIDTH, HEIGHT, browser)
    if out != pictures.OUT:
        shutil.copy(pictures.OUT / f"{name}.png", out / f"{name}.png")
    print(out / f"{name}.png")


def main(arguments: list[str]) -> int:
    """Run the demo and draw it; return the exit code."""
    if words := pictures.missing():
        print(words, file=sys.stderr)
        return 1
    out = Path(arguments[0]) if arguments else pictures.OUT
    out.mkdir(parents=True, exist_ok=True)
    system = DemoSystem()
    scenario = demo_scenario(target=system.target)
    options = Options(
        scenario=msgspec.structs.replace(scenario, proxies=system.proxies),
        workers=1,
        state_dir=state_dir(),
        journal=journal_path("picture", time.strftime("%Y%m%d-%H%M%S")),
        step=6,
        own_server=True,
        judged=False,
    )
    session = Session(options, system)
    session.start()
    asyncio.run(draw(session, out))
    return session.wait(20) is None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
