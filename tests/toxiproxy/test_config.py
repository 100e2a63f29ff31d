from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from loadtui.toxiproxy.collection import Collection
from loadtui.toxiproxy.config import load
from loadtui.toxiproxy.log import set_up
from tests.toxiproxy.conftest import Said

FAILED = "Failed to populate proxies from file"


async def test_every_proxy_of_the_file_is_made(
    collection: Collection, said: Said, tmp_path: Path
) -> None:
    file = tmp_path / "proxies.json"
    on = {"name": "on", "listen": "localhost:0", "upstream": "u:1"}
    off = {"name": "off", "listen": "localhost:0", "upstream": "u:1", "enabled": False}
    file.write_text(json.dumps([on, off]))
    set_up("info")
    await load(collection, file)
    assert [(each.name, each.enabled) for each in collection.proxies] == [
        ("on", True),
        ("off", False),
    ]
    assert said()[-1]["message"] == "Populated proxies from file"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "bad request body: EOF"),
        ("[{", "bad request body: unexpected EOF"),
        ("\ufeff[]", "bad request body: invalid character 'ï' looking for beginning of value"),
        (
            '[{"name":"a","upstream":"u:1"},{"name":"b"}]',
            "missing required field: upstream at proxy 2",
        ),
    ],
)
async def test_a_file_that_cannot_be_used_is_told_and_nothing_is_made(
    collection: Collection, said: Said, tmp_path: Path, text: str, error: str
) -> None:
    file = tmp_path / "proxies.json"
    file.write_text(text, encoding="utf-8")
    set_up("info")
    await load(collection, file)
    (line,) = said()
    assert (line["level"], line["message"], line["error"]) == ("error", FAILED, error)
    assert list(collection.proxies) == []


@pytest.mark.parametrize(
    ("name", "error"), [("none", "No such file or directory"), (".", "Is a directory")]
)
async def test_a_file_that_cannot_be_read_is_told(
    collection: Collection, said: Said, tmp_path: Path, name: str, error: str
) -> None:
    set_up("info")
    await load(collection, tmp_path / name)
    (line,) = said()
    assert line["message"] == "Error reading config file"
    assert (line["config"], line["error"]) == (str(tmp_path / name), error)


async def test_a_port_that_is_taken_ends_the_list_there(
    collection: Collection, said: Said, tmp_path: Path
) -> None:
    file = tmp_path / "proxies.json"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        there = f"127.0.0.1:{taken.getsockname()[1]}"
        listens = ["127.0.0.1:0", there, "127.0.0.1:0"]
        wanted = [
            {"name": str(number), "listen": listen, "upstream": "u:1"}
            for number, listen in enumerate(listens)
        ]
        file.write_text(json.dumps(wanted))
        set_up("info")
        await load(collection, file)
    assert [each.name for each in collection.proxies] == ["0"]
    line = said()[-1]
    assert line["message"] == FAILED
    assert line["error"] == f"listen tcp {there}: bind: address already in use"
