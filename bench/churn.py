"""Wear the embedded Toxiproxy out: connections that come and go, toxics that change, for minutes.

    python -m bench churn [--minutes 10]    (0: only how exact it is)

Prints memory, open files and the slowest call of the control API each minute, then how exactly
100 ms of latency and 1 MB/s of bandwidth were kept. Ends with 1 where memory grew by more than a
tenth after the first minute, where files stay open, or where a call took 100 ms; what either side
of a call waited for a core that others used is taken off and printed. Linux only.
"""

from __future__ import annotations

import argparse
import random
import socket
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from statistics import median, quantiles

from bench.ports import free_port
from bench.reading import open_files, waited_for_a_core
from bench.relay import Relay, running

HOST = "127.0.0.1"
PAUSE = 0.02
"""Seconds between two connections of a client: a port that was used is not free for a minute, and
with none left it is the kernel that is measured.
"""
TOXICS: tuple[tuple[str, dict[str, int]], ...] = (
    ("latency", {"latency": 5, "jitter": 5}),
    ("bandwidth", {"rate": 5000}),
    ("slicer", {"average_size": 500, "size_variation": 100, "delay": 10}),
    ("timeout", {"timeout": 20}),
    ("limit_data", {"bytes": 5000}),
    ("reset_peer", {"timeout": 5}),
    ("slow_close", {"delay": 5}),
)


class Echo:
    """An upstream that sends back what comes, on one thread a connection."""

    def __init__(self) -> None:
        self._listening = socket.create_server((HOST, 0), backlog=512)
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            threading.Thread(target=self._echo, args=(connection,), daemon=True).start()

    def _echo(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while data := connection.recv(65536):
                connection.sendall(data)


class Churn:
    """Clients of one proxy, and one that changes its toxics and times the calls."""

    def __init__(self, relay: Relay, port: int) -> None:
        self._relay, self._port = relay, port
        self._stop = threading.Event()
        self.slowest = self.slowest_here = 0.0
        self.connections = self.changes = 0
        works = [self._come_and_go] * 4 + [self._change]
        self._threads = [threading.Thread(target=work) for work in works]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Stop, and wait for everybody."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _come_and_go(self) -> None:
        dice = random.Random(1)
        while not self._stop.wait(PAUSE):
            with suppress(OSError), closing(socket.create_connection((HOST, self._port))) as client:
                client.settimeout(0.05)
                client.sendall(bytes(dice.randrange(1, 20_000)))
                client.recv(65536)
            self.connections += 1

    def _change(self) -> None:
        number = 0
        while not self._stop.wait(0.005):
            kind, attributes = TOXICS[number % len(TOXICS)]
            stream = ("upstream", "downstream")[number % 2]
            toxic = {"type": kind, "name": "t", "stream": stream, "attributes": attributes}
            self._timed("POST", "/proxies/c/toxics", toxic)
            self._timed("GET", "/proxies")
            self._timed("DELETE", "/proxies/c/toxics/t")
            number += 1

    def _timed(self, method: str, path: str, body: object = None) -> None:
        waited, began = _waited(self._relay), time.perf_counter()
        self._relay.call(method, path, body)
        took = time.perf_counter() - began
        self.slowest_here = max(self.slowest_here, took)
        self.slowest = max(self.slowest, took - (_waited(self._relay) - waited))
        self.changes += method != "GET"


def main(words: Sequence[str]) -> int:
    """Wear it out, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m bench churn", description=__doc__)
    parser.add_argument("--minutes", type=int, default=10)
    options = parser.parse_args(words)
    port, echo = free_port(), Echo()
    command = [sys.executable, "-m", "loadtui.toxiproxy", "--host", HOST, "--port", str(port)]
    with running("loadtui", command, port, 1) as relay:
        wanted = {"name": "c", "listen": f"{HOST}:0", "upstream": f"{HOST}:{echo.port}"}
        listen = str(relay.call("POST", "/proxies", wanted)["listen"])
        proxied = int(listen.rpartition(":")[2])
        files = open_files(relay.pid)
        memory, slowest = _wear(relay, proxied, options.minutes)
        left = _settled(relay, files)
        _truth(relay, proxied)
    grown = memory[-1] / memory[0] - 1 if memory else 0.0
    _say(f"memory after the first minute: {grown:+.1%}; files {files} before, {left} after")
    return int(grown > 0.1 or left > files or slowest >= 0.1)


def _wear(relay: Relay, port: int, minutes: int) -> tuple[list[float], float]:
    memory, slowest = [], 0.0
    churn = Churn(relay, port)
    for minute in range(1, minutes + 1):
        time.sleep(60)
        memory.append(relay.memory())
        _say(
            f"minute {minute:2}: {memory[-1] / 1024:6.1f} MiB, {open_files(relay.pid):4} files, "
            f"{churn.connections:8,} connections, {churn.changes:7,} changes, "
            f"slowest call {churn.slowest * 1000:5.1f} ms "
            f"({churn.slowest_here * 1000:.1f} with the wait for a core)"
        )
        slowest = max(slowest, churn.slowest)
        churn.slowest = churn.slowest_here = 0.0
    churn.end()
    return memory, slowest


def _waited(relay: Relay) -> float:
    """Seconds that the relay and this thread were ready to run, and were not let."""
    return waited_for_a_core(relay.pid) + waited_for_a_core("thread-self")


def _settled(relay: Relay, files: int) -> int:
    for _ in range(100):
        if open_files(relay.pid) <= files:
            break
        time.sleep(0.05)
    return open_files(relay.pid)


def _truth(relay: Relay, port: int) -> None:
    direct = median(_round_trips(relay, port)[0])
    toxic: dict[str, object] = {"type": "latency", "attributes": {"latency": 100}}
    relay.call("POST", "/proxies/c/toxics", toxic)
    both = _round_trips(relay, port)
    relay.call("DELETE", "/proxies/c/toxics/latency_downstream")
    for words, times in zip(("", ", with the wait for a core"), both, strict=True):
        tail, most = quantiles(times, n=100)[98] - direct, max(times) - direct
        middle = median(times) - direct
        _say(f"latency 100 ms: added p50 {middle:.2f}, p99 {tail:.2f}, most {most:.2f} ms{words}")
    relay.call("POST", "/proxies/c/toxics", {"type": "bandwidth", "attributes": {"rate": 1000}})
    with closing(socket.create_connection((HOST, port))) as client:
        began, got = time.perf_counter(), 0
        client.sendall(bytes(3_000_000))
        while got < 3_000_000:
            got += len(client.recv(65536))
        rate = got / (time.perf_counter() - began) / 1000
    _say(f"bandwidth 1 000 kB/s: {rate:,.0f} kB/s")


def _round_trips(relay: Relay, port: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each, without and with what was waited for a core."""
    net, gross = [], []
    with closing(socket.create_connection((HOST, port))) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(200):
            waited, began = _waited(relay), time.perf_counter()
            client.sendall(b"x")
            client.recv(1)
            took = time.perf_counter() - began
            gross.append(took * 1000)
            net.append((took - (_waited(relay) - waited)) * 1000)
    return net, gross


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
