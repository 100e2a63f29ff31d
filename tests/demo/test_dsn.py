from __future__ import annotations

import pytest

from loadtui.demo.dsn import address, join, through
from loadtui.errors import BadInput


@pytest.mark.parametrize(
    ("dsn", "host", "port"),
    [
        ("postgresql://me:secret@db.local:6432/shop", "db.local", 6432),
        ("postgres://127.0.0.1", "127.0.0.1", 5432),
        ("postgresql://me@[::1]:5433/x?sslmode=require", "::1", 5433),
    ],
)
def test_a_dsn_says_where_its_server_listens(dsn: str, host: str, port: int) -> None:
    assert address(dsn) == (host, port)


@pytest.mark.parametrize(
    ("dsn", "by_way_of_the_proxy"),
    [
        (
            "postgresql://me:s%40t@db:6432/shop?a=b",
            "postgresql://me:s%40t@127.0.0.1:21002/shop?a=b",
        ),
        ("postgres://db", "postgres://127.0.0.1:21002"),
        ("postgresql://me@[::1]:5433/x", "postgresql://me@127.0.0.1:21002/x"),
    ],
)
def test_only_the_address_changes_on_the_way_through_a_proxy(
    dsn: str, by_way_of_the_proxy: str
) -> None:
    assert through(dsn, 21002) == by_way_of_the_proxy


@pytest.mark.parametrize(
    ("dsn", "said"),
    [
        ("host=db dbname=shop", "is no URL of a PostgreSQL server"),
        ("mysql://db/shop", "is no URL of a PostgreSQL server"),
        ("postgresql:///shop", "names no single host"),
        ("postgresql://%2Fvar%2Frun/shop", "names no single host"),
        ("postgresql://a:1,b:2/shop", "names no single host"),
        ("postgresql://db:0x1/shop", "--postgres: "),
        ("postgresql://db:99999/shop", "--postgres: "),
        ("postgresql://[::1/shop", "--postgres: "),
        ("postgresql://db/shop?host=other", "names its host after the `?`"),
    ],
)
def test_what_a_proxy_cannot_stand_in_front_of_is_refused_with_the_form(
    dsn: str, said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        address(dsn)
    assert said in refused.value.what
    assert refused.value.hint == "write it as postgresql://user:password@host:5432/database"


def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(BadInput) as refused:
        address("postgresql://me:secret@a,b/shop")
    assert "secret" not in str(refused.value)


def test_an_ipv6_address_gets_its_brackets() -> None:
    assert (join("::1", 5432), join("db", 5432)) == ("[::1]:5432", "db:5432")
