from __future__ import annotations

import pytest

from loadtui.load.cookies import MOST, Jar, set_cookies
from loadtui.load.url import Origin

NOW = 1_800_000_000.0
SHOP = Origin("http", "shop.example.com", 80)
SECURE = Origin("https", "shop.example.com", 443)


def sent(line: str, origin: Origin, target: str, *, later: float = 0.0, at: str = "/a/b") -> str:
    jar = Jar()
    jar.keep([line], SHOP, at, NOW)
    return jar.header(origin, target, NOW + later)


@pytest.mark.parametrize(
    ("line", "origin", "target", "goes"),
    [
        ("id=7", SHOP, "/a/x", True),
        ("id=7", SHOP, "/a", True),
        ("id=7", SHOP, "/a?q=1", True),
        ("id=7", SHOP, "/ab", False),
        ("id=7", SHOP, "/", False),
        ("id=7; Path=/", SHOP, "/", True),
        ("id=7; path=/api", SHOP, "/api/orders", True),
        ("id=7; path=/api", SHOP, "/apis", False),
        ("id=7; path=nonsense", SHOP, "/a/c", True),
        ("id=7; Path=/", Origin("http", "api.shop.example.com", 80), "/", False),
        ("id=7; Path=/; Domain=example.com", Origin("http", "www.example.com", 80), "/", True),
        ("id=7; Path=/; Domain=.Example.COM", Origin("http", "example.com", 80), "/", True),
        ("id=7; Path=/; Domain=example.com", Origin("http", "badexample.com", 80), "/", False),
        ("id=7; Path=/; Domain=other.com", SHOP, "/", False),
        ("id=7; Path=/; Domain=com", SHOP, "/", False),
        ("id=7; Path=/", Origin("http", "shop.example.com", 8080), "/", True),
        ("id=7; Path=/; Secure; HttpOnly; SameSite=Lax", SHOP, "/", False),
        ("id=7; Path=/; Secure; HttpOnly; SameSite=Lax", SECURE, "/", True),
        ("=7; Path=/", SHOP, "/", False),
        ("nonsense", SHOP, "/a/b", False),
        ("id=\x017; Path=/", SHOP, "/", False),
    ],
)
def test_a_cookie_goes_where_it_belongs(line: str, origin: Origin, target: str, goes: bool) -> None:
    assert sent(line, origin, target) == ("id=7" if goes else "")


@pytest.mark.parametrize(
    ("line", "later", "goes"),
    [
        ("id=7; Max-Age=10", 9, True),
        ("id=7; Max-Age=10", 10, False),
        ("id=7; Max-Age=0", 0, False),
        ("id=7; Max-Age=-5", 0, False),
        ("id=7; Max-Age=soon", 1e9, True),
        ("id=7; Expires=Wed, 21 Oct 2015 07:28:00 GMT", 0, False),
        ("id=7; Expires=Wed, 21-Oct-2015 07:28:00 GMT", 0, False),
        ("id=7; Expires=Fri, 15 Jan 2027 08:00:09 GMT", 8, True),
        ("id=7; Expires=Fri, 15 Jan 2027 08:00:09 GMT", 9, False),
        ("id=7; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Max-Age=10", 5, True),
        ("id=7; Expires=never", 1e9, True),
        ("id=7; Max-Age=" + "9" * 40, 1e6, True),
    ],
)
def test_a_cookie_lasts_as_long_as_it_says(line: str, later: float, goes: bool) -> None:
    assert sent(line, SHOP, "/a/b", later=later) == ("id=7" if goes else "")


def test_a_cookie_set_again_is_changed_and_one_in_the_past_is_taken_back() -> None:
    jar = Jar()
    jar.keep(["id=1; Path=/", "theme=dark; Path=/", "id=2; Path=/"], SHOP, "/", NOW)
    assert jar.header(SHOP, "/", NOW) == "id=2; theme=dark"
    jar.keep(["id=; Path=/; Max-Age=0"], SHOP, "/", NOW)
    assert jar.header(SHOP, "/", NOW) == "theme=dark"


def test_longer_paths_come_first_and_own_cookies_win() -> None:
    jar = Jar()
    jar.keep(["a=1; Path=/", "b=2; Path=/api", "c=3; Path=/"], SHOP, "/", NOW)
    assert jar.header(SHOP, "/api", NOW) == "b=2; a=1; c=3"
    assert jar.header(SHOP, "/api", NOW, "a=own; d=4") == "a=own; d=4; b=2; c=3"
    assert jar.header(SHOP, "/", NOW, "a=1; c=x") == "a=1; c=x"


def test_an_address_has_no_parents() -> None:
    jar = Jar()
    here = Origin("http", "127.0.0.1", 80)
    jar.keep(["a=1; Domain=0.0.1", "b=2; Domain=127.0.0.1"], here, "/", NOW)
    assert jar.header(here, "/", NOW) == "b=2"


def test_a_jar_does_not_grow_for_ever() -> None:
    jar = Jar()
    jar.keep([f"c{number}=1" for number in range(MOST + 5)], SHOP, "/", NOW)
    assert len(jar) == MOST
    assert jar.header(SHOP, "/", NOW).startswith("c5=1; ")
    jar.keep(["huge=" + "x" * 5000], SHOP, "/", NOW)
    assert "huge" not in jar.header(SHOP, "/", NOW)


@pytest.mark.parametrize("spelling", ["Set-Cookie", "set-cookie", "SET-COOKIE"])
@pytest.mark.parametrize("length", [0, 5000])
def test_cookies_are_found_in_headers_only(spelling: str, length: int) -> None:
    head = f"HTTP/1.1 200 OK\r\n{spelling}: a=1; Path=/\r\nX: y\r\n{spelling}:b=2\r\n\r\n"
    body = "\r\nSet-Cookie: c=3\r\n\r\n" + "x" * length
    assert set_cookies((head + body).encode()) == [" a=1; Path=/", "b=2"]
    assert set_cookies(f"HTTP/1.1 200 OK\r\nX: y\r\n\r\n{body}".encode()) == []
    assert set_cookies(b"") == []
