"""`loadtui toxiproxy`: a Toxiproxy-compatible server, without installing one."""

from __future__ import annotations

from pathlib import Path

import click

from loadtui.toxiproxy.server import HOST, PORT, Place, serve
from loadtui.toxiproxy.settings import ORIGINAL_WAYS, OriginalWay, Settings


@click.command()
@click.option("--host", default=HOST, show_default=True, help="Of the control API.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Proxies to begin with: a JSON array, as /populate takes it.",
)
@click.option("--seed", type=int, metavar="N", help="The same draws in every run.")
@click.option("--proxy-metrics", is_flag=True, help="Live byte counters at /metrics.")
@click.option(
    "--original",
    type=click.Choice(ORIGINAL_WAYS),
    multiple=True,
    help="Keep the original's way where this server's is better; see docs/toxiproxy.md.",
)
@click.option("--lifeline", type=int, metavar="FD", hidden=True)
def toxiproxy(
    *,
    host: str,
    port: int,
    config: Path | None,
    seed: int | None,
    proxy_metrics: bool,
    original: tuple[OriginalWay, ...],
    lifeline: int | None,
) -> int:
    """Break connections on purpose: the API and the toxics of Toxiproxy 2.12, on 127.0.0.1:8474.

    Every Toxiproxy client works with it. It runs until Ctrl-C. LOG_LEVEL sets how much it says.
    """
    place = Place(host, port, config, lifeline)
    serve(place, Settings(seed, tuple(dict.fromkeys(original)), proxy_metrics))
    return 0
