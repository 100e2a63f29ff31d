from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.url import Origin, join, split


@pytest.mark.parametrize(
    ("url", "origin", "target"),
    [
        ("http://localhost", Origin("http", "localhost", 80), "/"),
        ("https://localhost", Origin("https", "localhost", 443), "/"),
        ("http://127.0.0.1:3000/a/b?c=d&e", Origin("http", "127.0.0.1", 3000), "/a/b?c=d&e"),
        ("HTTP://LocalHost:80/A", Origin("http", "localhost", 80), "/A"),
        ("http://host?x=1", Origin("http", "host", 80), "/?x=1"),
        ("http://host#top", Origin("http", "host", 80), "/"),
        ("http://host/a#top", Origin("http", "host", 80), "/a"),
        ("http://[::1]:8080/x", Origin("http", "::1", 8080), "/x"),
        ("http://[0:0:0:0:0:0:0:1]/", Origin("http", "::1", 80), "/"),
        ("http://[fe80::1%25eth0]/", Origin("http", "fe80::1%eth0", 80), "/"),
        ("http://host:/x", Origin("http", "host", 80), "/x"),
        ("http://bücher.example/", Origin("http", "xn--bcher-kva.example", 80), "/"),
        ("http://host/ä b", Origin("http", "host", 80), "/%C3%A4%20b"),
        ("http://host/a%20b%2F", Origin("http", "host", 80), "/a%20b%2F"),
        ("http://host/{id}|x", Origin("http", "host", 80), "/%7Bid%7D%7Cx"),
    ],
)
def test_a_url_becomes_origin_and_target(url: str, origin: Origin, target: str) -> None:
    assert split(url) == (origin, target)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "no http:// or https:// URL"),
        ("localhost:3000/x", "no http:// or https:// URL"),
        ("ftp://host/x", "no http:// or https:// URL"),
        (" http://host/", "no http:// or https:// URL"),
        ("http://", "no host"),
        ("http:///x", "no host"),
        ("http://user:secret@host/", "user name or password"),
        ("http://127.0.0.1@evil.example/", "user name or password"),
        ("http://127.0.0.1\\@evil.example/", "user name or password"),
        ("http://host\\.evil/", "no valid host name"),
        ("http://ho st/", "no valid host name"),
        ("http://host:0/", "between 1 and 65535"),
        ("http://host:65536/", "between 1 and 65535"),
        ("http://host:8o/", "no valid port"),
        ("http://host:999999/", "no valid port"),
        ("http://[::1/", "no host"),
        ("http://[1.2.3.4]/", "no IPv6 address"),
        ("http://::1/", "no host"),
        ("http://host/a\r\nX: y", "control character"),
        ("http://host/a\tb", "control character"),
        ("http://host\r\n/", "no valid host name"),
        ("http://" + "ä" * 70 + "/", "no valid host name"),
    ],
)
def test_what_is_no_plain_url_is_refused_in_words(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        split(url)


@pytest.mark.parametrize(
    ("origin", "authority"),
    [
        (Origin("http", "host", 80), "host"),
        (Origin("https", "host", 443), "host"),
        (Origin("http", "host", 443), "host:443"),
        (Origin("http", "::1", 8080), "[::1]:8080"),
        (Origin("http", "fe80::1%eth0", 80), "[fe80::1]"),
    ],
)
def test_the_authority_leaves_out_what_goes_without_saying(origin: Origin, authority: str) -> None:
    assert origin.authority == authority


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("/z", "http://a:81/z"),
        ("../w", "http://a:81/w"),
        ("?q=1", "http://a:81/x/y?q=1"),
        ("//b/c", "http://b/c"),
        ("https://b/", "https://b/"),
    ],
)
def test_a_reference_is_read_from_where_it_stood(reference: str, url: str) -> None:
    assert join(Origin("http", "a", 81), "/x/y?p", reference) == url


@given(st.text())
def test_no_text_gets_a_line_break_or_blank_into_a_request_line(path: str) -> None:
    try:
        _, target = split(f"http://host/{path}")
    except ValueError:
        return
    assert target.isascii()
    assert target.startswith("/")
    assert not set(target) & set(" \r\n\t\0")


# -- unix sockets ----------------------------------------------------------------------------------


def test_a_unix_socket_is_a_host_with_its_path() -> None:
    origin, target = split("http+unix://%2Frun%2FApp.sock/orders?x=1")
    assert (origin.scheme, origin.host, origin.port, target) == (
        "http+unix", "/run/App.sock", 0, "/orders?x=1",
    )  # fmt: skip
    assert origin.authority == "localhost"
    assert str(origin) == "http+unix://%2Frun%2FApp.sock"


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("/b", "http+unix://%2Frun%2Fa.sock/b"),
        ("c?d", "http+unix://%2Frun%2Fa.sock/x/c?d"),
        ("http://localhost/b", "http://localhost/b"),
        ("//localhost/b", "http://localhost/b"),
    ],
)
def test_a_redirect_stays_on_its_socket_unless_it_names_a_host(reference: str, url: str) -> None:
    origin, target = split("http+unix://%2Frun%2Fa.sock/x/y")
    assert join(origin, target, reference) == url


@pytest.mark.parametrize("host", ["run", "", "%2Frun%00", "%2F" + "x" * 120])
def test_what_is_no_path_of_a_socket_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="socket"):
        split(f"http+unix://{host}/")
