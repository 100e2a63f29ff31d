from __future__ import annotations

import pytest

from loadtui.errors import BadInput
from loadtui.model.text import Text
from loadtui.scenario.text import Names, parse
from loadtui.scenario.url import absolute, base, origin

NAMES = Names(saved=frozenset({"id"}))
TARGET = "http://h:3000/v1"


def joined(url: str, target: str = TARGET) -> str:
    return absolute(parse(url, NAMES), target).render(lambda _: "a/b c?d")


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("/api/orders", "http://h:3000/v1/api/orders"),
        ("api/orders", "http://h:3000/v1/api/orders"),
        ("/", "http://h:3000/v1/"),
        ("?q=1", "http://h:3000/v1?q=1"),
        ("/api/${id}/x", "http://h:3000/v1/api/a/b%20c?d/x"),
        ("/a?b=%20&c=[1]", "http://h:3000/v1/a?b=%20&c=[1]"),
        ("/ü", "http://h:3000/v1/%C3%BC"),
        ("http://other:1", "http://other:1/"),
        ("HTTPS://other?x", "https://other/?x"),
        ("http://other/${id}", "http://other/a/b%20c?d"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("http://a_b.c-d.:0080/", "http://a_b.c-d.:80/"),
        ("http://h:/x", "http://h/x"),
    ],
)
def test_urls_are_joined_and_encoded(url: str, whole: str) -> None:
    assert joined(url) == whole


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "the url is empty; write at least /"),
        ("${id}", "a url cannot begin with a value that is fresh for each request"),
        ("http://${id}/x", "host and port cannot be fresh for each request; end them with /"),
        ("http://h:8${id}/x", "host and port cannot be fresh for each request"),
        ("//h/x", "the url '//h/x' has no scheme; write http://h/x"),
        ("localhost:3000/x", "has no scheme; write http://localhost:3000/x"),
        ("127.0.0.1:3000/x", "has no scheme; write http://127.0.0.1:3000/x"),
        ("ftp://h/x", "the scheme ftp cannot be loaded; use http:// or https://"),
        ("http:/h/x", "has no scheme; write http://h/x"),
        ("http://", "the url names no host"),
        ("http:///x", "the url names no host"),
        ("http://:80/x", "the url names no host"),
        ("http://h:0/", "the port '0' does not exist; ports go from 1 to 65535"),
        ("http://h:65536/", "the port '65536' does not exist"),
        ("http://h:8a/", "the port '8a' does not exist"),
        ("http://h:٣/", "the port '٣' does not exist"),
        ("http://me:secret@h/", "holds a user name or password; send them in an authorization"),
        ("http://h:80@evil/", "holds a user name or password"),
        ("/a b", "the url holds a space; write %20 for it, or remove it"),
        ("/a\r\nx: y", "the url holds a control character; write %0D for it"),
        ("/a#top", "has a fragment (#…), which is never sent"),
        ("http://bücher.example/", "is not ASCII; write xn--bcher-kva.example"),
        ("http://h..x/", "'h..x' is not a host name"),
        ("http://h<x>/", "'h<x>' is not a host name"),
        ("http://[::g]/", "'[::g]' is not an IPv6 address"),
        ("http://[::1/", "is not an IPv6 address; write it as [::1]"),
    ],
)
def test_what_no_request_can_be_sent_to_is_refused(url: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        joined(url)
    assert says in str(refused.value)


def test_a_relative_url_needs_a_target() -> None:
    with pytest.raises(BadInput, match="is relative and there is no target"):
        joined("/x", target="")
    with pytest.raises(BadInput, match=r"or write http://example\.com/x if it names its host"):
        joined("example.com/x", target="")


def test_a_target_is_a_url_without_query() -> None:
    assert base("http://h/") == "http://h"
    assert base("https://h/v1/") == "https://h/v1"
    with pytest.raises(BadInput, match="the target has a query"):
        base("http://h/?x")
    with pytest.raises(BadInput, match="empty"):
        base("")


def test_no_saved_value_moves_the_host() -> None:
    url = absolute(parse("http://h:80/${id}", NAMES))
    assert url == Text(("http://h:80/", *url.parts[1:]))
    for value in ("@evil/", "//evil", "\\@evil", "http://evil", "\r\nhost: evil"):
        assert url.render(dict.fromkeys(url.variables, value).__getitem__).startswith(
            "http://h:80/"
        )


def test_the_origin_is_scheme_and_authority() -> None:
    assert origin("http://h:80/x?y") == "http://h:80"
    assert origin("http://h?y") == "http://h"


def test_a_unix_socket_keeps_its_spelling() -> None:
    written = Text(("http+unix://%2Frun%2FApp.sock/orders",))
    assert absolute(written) == written
    assert base("http+unix://%2Frun%2FApp.sock/v1/") == "http+unix://%2Frun%2FApp.sock/v1"
    assert origin("http+unix://%2Frun%2FApp.sock/v1") == "http+unix://%2Frun%2FApp.sock"


def test_the_path_of_a_socket_has_to_fit() -> None:
    with pytest.raises(BadInput, match="longer than 103 bytes"):
        absolute(Text((f"http+unix://%2F{'x' * 110}/",)))
