"""Where a command starts the screen. Importing this module does not import Textual."""

from __future__ import annotations

import gc

from loadtui.session.link import SessionLink


def run(link: SessionLink, *, theme: str | None = None) -> int:
    """Show a session on the main thread until it has ended or the terminal is gone; → exit code.

    0: the session ended. 105: the terminal went away. 1: the screen itself failed, which was said
    on stderr. In the last two cases the session still runs and is the caller's to end.
    """
    # Nothing that an import makes is garbage: without the collector it takes a third less time.
    gc.disable()
    try:
        from loadtui.tui.application import LoadtuiApp  # noqa: PLC0415 - Textual takes 0.3 s
    finally:
        gc.enable()
    gc.freeze()
    app = LoadtuiApp(link, theme=theme)
    app.run()
    return app.return_code or 0
