from __future__ import annotations

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
