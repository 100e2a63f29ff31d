from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import urllib.request

import pytest

from loadtui.toxiproxy.log import debugging, say, set_up
from tests.toxiproxy.conftest import Said

EACH = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)
NAMES = ["debug", "info", "warn", "error", "fatal"]


@pytest.mark.parametrize(
    ("level", "names"),
    [
        ("", NAMES[1:]),
        ("trace", NAMES),
        ("DEBUG", NAMES),
        ("info", NAMES[1:]),
        ("Warn", NAMES[2:]),
        ("error", NAMES[3:]),
        ("fatal", NAMES[4:]),
        ("panic", NAMES[4:]),
    ],
)
def test_a_level_shows_itself_and_what_is_worse(said: Said, level: str, names: list[str]) -> None:
    set_up(level)
    for number in EACH:
        say(number, "told")
    assert [line["level"] for line in said()] == names
    assert debugging() == ("debug" in names)


def test_an_unknown_level_is_said_and_means_info(said: Said) -> None:
    set_up("loud")
    say(logging.DEBUG, "no")
    say(logging.INFO, "yes")
    unknown, told = said()
    assert unknown["message"] == 'unknown LOG_LEVEL value: "loud"'
    assert "panic, fatal, error" in str(unknown["known"])
    assert told["message"] == "yes"


def test_a_line_is_one_json_object_whatever_people_named(said: Said) -> None:
    set_up("info")
    say(logging.INFO, "a\nb", name='"ä"\n', count=3, error=OSError(2, "gone"), path="\udcff")
    (line,) = said()
    assert (line["message"], line["name"], line["count"]) == ("a\nb", '"ä"\n', 3)
    assert (line["error"], line["path"]) == ("[Errno 2] gone", "\udcff")
    assert len(str(line["time"])) == len("2024-01-01T00:00:00Z")


def test_set_up_twice_says_everything_once(said: Said) -> None:
    set_up("info")
    set_up("info")
    say(logging.INFO, "once")
    assert len(said()) == 1


def test_the_server_outlives_the_reader_of_its_log() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "loadtui.toxiproxy", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LOG_LEVEL": "debug"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = iter(process.stdout)
        at = next(line for line in lines if "HTTP server" in line).split('"')[7]
        process.stdout.close()
        for _ in range(3):  # each is a line that nobody reads
            url = f"http://{at}/version"
            with urllib.request.urlopen(url, timeout=5) as answer:
                assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        assert process.stderr.read() == ""
