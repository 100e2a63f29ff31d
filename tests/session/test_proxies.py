from __future__ import annotations

import pytest

from loadtui.errors import SetupFailed
from loadtui.model.timed import Timed
from loadtui.model.toxic import Proxy
from loadtui.session.proxies import check_proxies, other_proxies

WANTED = (Proxy("db", "127.0.0.1:1", "127.0.0.1:2"), Proxy("mail", "127.0.0.1:3", "127.0.0.1:4"))


def test_a_proxy_that_is_there_as_wanted_is_no_news() -> None:
    found = {"db": Proxy("db", "[::]:1", "127.0.0.1:2")}
    assert other_proxies(WANTED, found) == ""


def test_proxies_that_go_elsewhere_are_named() -> None:
    found = {
        "db": Proxy("db", "127.0.0.1:1", "127.0.0.1:9"),
        "mail": Proxy("mail", "127.0.0.1:3", "127.0.0.1:4", enabled=False),
    }
    assert other_proxies(WANTED, found) == (
        "proxy db is there already, 127.0.0.1:1 → 127.0.0.1:9: it is used as it is; "
        "proxy mail is there already, 127.0.0.1:3 → 127.0.0.1:4, disabled: it is used as it is"
    )


def test_a_fault_needs_its_proxy_on_the_server() -> None:
    gone = (Timed(name="gone", proxy="db", at=1.0),)
    check_proxies(gone, {"db"})
    with pytest.raises(SetupFailed, match="no proxy db on the server for the fault gone; did you"):
        check_proxies(gone, {"dbs"})
    with pytest.raises(SetupFailed, match=r"add it to chaos\.proxies"):
        check_proxies(gone, ())
