from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.toxiproxy.traffic import Labels, Traffic, exposition


def test_the_page_has_the_originals_names_and_escapes_what_people_named() -> None:
    one = Traffic(Labels('a"b\\\n', "127.0.0.1:1", "up:2"))
    one.tallies["upstream"].received += 10
    one.tallies["upstream"].sent += 7
    page = exposition([one, Traffic(Labels("a", "127.0.0.1:3", "up:2"))])
    assert (
        'toxiproxy_proxy_received_bytes_total{direction="upstream",listener="127.0.0.1:1",'
        'proxy="a\\"b\\\\\\n",upstream="up:2"} 10\n'
    ) in page
    assert page.count("# TYPE toxiproxy_proxy_sent_bytes_total counter\n") == 1
    assert page.count("toxiproxy_proxy_sent_bytes_total{") == 4


def test_without_proxies_there_are_no_counters() -> None:
    assert "toxiproxy_proxy" not in exposition([])


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
COUNTS = st.tuples(*[st.integers(0, 2**63)] * 4)
LINE = re.compile(
    r'toxiproxy_proxy_(\w+)_bytes_total\{direction="(\w+)",listener="((?:[^"\\\n]|\\.)*)",'
    r'proxy="((?:[^"\\\n]|\\.)*)",upstream="((?:[^"\\\n]|\\.)*)"\} (\d+)'
)


def unescaped(value: str) -> str:
    """A label's value, as Prometheus reads it."""
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), value)


@settings(max_examples=30)
@given(st.dictionaries(st.builds(Labels, TEXT, TEXT, TEXT), COUNTS, max_size=3))
def test_every_figure_of_every_proxy_can_be_read_from_the_page(
    wanted: dict[Labels, tuple[int, ...]],
) -> None:
    traffics, figures = [], {}
    for labels, counts in wanted.items():
        traffic = Traffic(labels)
        for direction, (received, sent) in zip(
            ("upstream", "downstream"), (counts[:2], counts[2:]), strict=True
        ):
            tally = traffic.tallies[direction]
            tally.received, tally.sent = received, sent
            figures[labels, direction, "received"] = received
            figures[labels, direction, "sent"] = sent
        traffics.append(traffic)
    found = {}
    for line in exposition(traffics).split("\n"):
        if line.startswith("toxiproxy_"):
            match = LINE.fullmatch(line)
            assert match is not None
            counter, direction, listener, proxy, upstream, count = match.groups()
            labels = Labels(unescaped(proxy), unescaped(listener), unescaped(upstream))
            found[labels, direction, counter] = int(count)
    assert found == figures
