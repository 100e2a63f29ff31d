"""The configuration file: the array that /populate takes."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from loadtui.toxiproxy.bodies import Refused, decode, read_population
from loadtui.toxiproxy.collection import Collection
from loadtui.toxiproxy.listener import CannotListen
from loadtui.toxiproxy.log import say


async def load(collection: Collection, path: Path) -> None:
    """Make the proxies of the file; what is wrong with it is said, and the server goes on."""
    try:
        body = await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        say(logging.ERROR, "Error reading config file", config=path, error=error.strerror)
        return
    count = 0
    try:
        for wanted in read_population(decode(body)):
            await collection.populate(wanted)
            count += 1
    except Refused as error:
        say(logging.ERROR, "Failed to populate proxies from file", error=error.text)
    except CannotListen as error:
        say(logging.ERROR, "Failed to populate proxies from file", error=error)
    else:
        say(logging.INFO, "Populated proxies from file", proxies=count)
