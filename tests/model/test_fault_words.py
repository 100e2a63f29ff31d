from __future__ import annotations

import pytest

from loadtui.model.fault_words import arrow, brief, effect
from loadtui.model.toxic import SPECS, Attribute, Toxic


def toxic(kind: str, stream: str = "downstream", share: float = 1.0, **of: Attribute) -> Toxic:
    return Toxic("any", kind, stream, share, of)


def plain(text: str) -> str:
    """Return the text with plain spaces, to be readable here."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (toxic("latency", latency=2000, jitter=100), "2 000 ms ±100"),
        (toxic("latency", latency=2000, jitter=0), "2 000 ms"),
        (toxic("latency"), "0 ms"),
        (toxic("bandwidth", rate=50), "50 kB/s"),
        (toxic("timeout", timeout=3000), "3 000 ms"),
        (toxic("reset_peer", timeout=0), "0 ms"),
        (toxic("slow_close", delay=500), "500 ms"),
        (toxic("slicer", average_size=100, size_variation=50, delay=1000), "100 B ±50"),
        (toxic("limit_data", bytes=1_000_000), "1 000 000 B"),
        (toxic("noop"), ""),
        (toxic("packet_loss", loss_rate=0.1, mode="burst"), "loss_rate 0.1, mode burst"),
    ],
)
def test_a_toxic_in_brief(fault: Toxic, words: str) -> None:
    assert plain(brief(fault)) == words


def test_numbers_and_units_never_come_apart_at_the_end_of_a_line() -> None:
    assert brief(toxic("latency", latency=2000)) == "2\u00a0000\u00a0ms"


def test_the_arrow_points_where_the_data_flows() -> None:
    assert [arrow(stream) for stream in ("upstream", "Upstream", "downstream")] == ["↑", "↑", "↓"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            toxic("latency", latency=2000, jitter=100),
            "Each answer from payments will wait 1.9–2.1 s.",
        ),
        (toxic("latency", latency=300), "Each answer from payments will wait 300 ms."),
        (toxic("latency", latency=50, jitter=100), "Each answer from payments will wait 0–150 ms."),
        (toxic("latency", "upstream", latency=5), "Each request to payments will wait 5 ms."),
        (
            toxic("bandwidth", rate=50),
            "Answers from payments will pass at 50 kB/s at most, on each connection.",
        ),
        (
            toxic("bandwidth", "upstream", rate=0),
            "No request to payments will pass until this is lifted.",
        ),
        (
            toxic("timeout", timeout=3000),
            "No answer from payments will arrive on its connection;"
            " after 3 s of silence it is closed.",
        ),
        (
            toxic("timeout", "upstream", timeout=0),
            "No request to payments will arrive on its connection; it stays open.",
        ),
        (
            toxic("slow_close", delay=500),
            "When payments closes a connection, the client will learn of it 500 ms later.",
        ),
        (
            toxic("slow_close", "upstream", delay=1500),
            "When a client closes a connection, payments will learn of it 1.5 s later.",
        ),
        (
            toxic("reset_peer", timeout=0),
            "The next answer from payments will be dropped and its connection reset at once.",
        ),
        (
            toxic("reset_peer", "upstream", timeout=800),
            "The next request to payments will be dropped and its connection reset 800 ms later.",
        ),
        (
            toxic("slicer", average_size=100, size_variation=50, delay=1000),
            "Answers from payments will arrive in pieces of about 100 B ±50, 1 ms apart.",
        ),
        (
            toxic("slicer", average_size=1000, delay=250),
            "Answers from payments will arrive in pieces of about 1 000 B, 250 µs apart.",
        ),
        (
            toxic("slicer", "upstream", average_size=1),
            "Requests to payments will arrive in pieces of about 1 B.",
        ),
        (
            toxic("limit_data", bytes=10_000),
            "Each connection will be closed after 10.0 kB of answers from payments.",
        ),
        (toxic("noop", "upstream"), "Requests to payments will pass unchanged."),
        (
            toxic("packet_loss", loss_rate=0.1, correlation=0),
            "packet_loss will act on answers from payments with loss_rate 0.1, correlation 0.",
        ),
        (toxic("novelty"), "novelty will act on answers from payments."),
    ],
)
def test_what_a_toxic_will_do(fault: Toxic, words: str) -> None:
    assert plain(effect("payments", fault)) == f"{words} Every connection feels it."


@pytest.mark.parametrize(
    ("share", "connections", "words"),
    [
        (1.0, 12, "12 connections feel it."),
        (1.0, 1, "1 connection feels it."),
        (1.0, 1234, "1 234 connections feel it."),
        (1.0, 0, "Every connection feels it."),
        (1.0, None, "Every connection feels it."),
        (0.33, 12, "About 33 % of 12 connections feel it."),
        (0.5, 0, "About 50 % of connections feel it."),
        (0.0, 12, "No connection feels it: the share is 0."),
    ],
)
def test_who_feels_it(share: float, connections: int | None, words: str) -> None:
    said = effect("payments", toxic("noop", share=share), connections)
    assert plain(said).removeprefix("Answers from payments will pass unchanged. ") == words


@pytest.mark.parametrize(
    ("connections", "words"),
    [(None, ""), (0, ""), (1, " 1 connection is open now."), (12, " 12 connections are open now.")],
)
def test_what_down_will_do(connections: int | None, words: str) -> None:
    said = "payments will refuse every new connection and close those that are open."
    assert plain(effect("payments", None, connections)) == said + words


@pytest.mark.parametrize("kind", sorted(SPECS))
def test_every_known_type_has_words_of_its_own(kind: str) -> None:
    fault = Toxic("any", kind, attributes=SPECS[kind].defaults)
    assert kind not in effect("payments", fault)
    assert "_" not in brief(fault)
