from __future__ import annotations

from random import Random

import pytest

from loadtui.load.exchange import Exchange
from loadtui.load.prepared import PreparedRequest
from loadtui.load.values import Sources, Values
from loadtui.model.request import Check, RequestTemplate, Think
from loadtui.model.text import Text, Variable, constant

ORDER_ID = Variable("saved", name="order_id")


def values() -> Values:
    one = Values(4, Sources(Random(1), Random(2), lambda: 0.0))
    one.begin()
    return one


def answer(body: bytes) -> Exchange:
    out = Exchange()
    out.status, out.raw, out.head = 200, body, b"HTTP/1.1 200 OK\r\n\r\n"
    return out


def test_a_constant_request_is_built_once() -> None:
    ready = PreparedRequest(
        RequestTemplate(
            name="list",
            method="POST",
            url=constant("http://127.0.0.1:3000/a?b=c"),
            headers=(("x-api-key", constant("k")),),
            body=constant("{}"),
            timeout=2.5,
        )
    )
    assert ready.call is not None
    assert ready.call.wire.startswith(b"POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n")
    assert b"\r\nx-api-key: k\r\n" in ready.call.head
    assert (ready.call.body, ready.call.timeout) == (b"{}", 2.5)


def test_url_headers_and_body_take_a_vus_values() -> None:
    ready = PreparedRequest(
        RequestTemplate(
            name="order",
            method="POST",
            url=Text(("http://127.0.0.1:3000/orders/", ORDER_ID)),
            headers=(("x-vu", Text((Variable("vu"),))), ("x-fixed", constant("f"))),
            body=Text(('{"order": "', ORDER_ID, '"}')),
        )
    )
    assert ready.call is None
    mine = values()
    mine.saved["order_id"] = "A 7"
    call = ready.build(mine)
    assert call.wire.startswith(b"POST /orders/A%207 HTTP/1.1\r\n")
    assert b"\r\nx-vu: 4\r\n" in call.head
    assert call.body == b'{"order": "A 7"}'


def test_a_value_that_was_never_saved_is_said() -> None:
    ready = PreparedRequest(RequestTemplate(name="get", url=Text(("http://127.0.0.1/", ORDER_ID))))
    with pytest.raises(ValueError, match="order_id is used before anything was saved as it"):
        ready.build(values())


def test_a_value_cannot_smuggle_a_header() -> None:
    header = ("x-order", Text((ORDER_ID,)))
    ready = PreparedRequest(
        RequestTemplate(name="get", url=constant("http://127.0.0.1/"), headers=(header,))
    )
    mine = values()
    mine.saved["order_id"] = "1\r\nx-evil: 2"
    with pytest.raises(ValueError, match="header x-order"):
        ready.build(mine)


def test_saving_keeps_values_and_names_the_one_that_is_missing() -> None:
    ready = PreparedRequest(
        RequestTemplate(
            name="make",
            url=constant("http://127.0.0.1/"),
            save={"order_id": "id", "first": "items[0].sku"},
        )
    )
    mine = values()
    assert not ready.save(answer(b'{"id": 12, "items": [{"sku": "s"}]}'), mine)
    assert mine.saved == {"order_id": "12", "first": "s"}
    expected = "the answer has nothing at items[0].sku to save as first"
    assert ready.save(answer(b'{"id": 12, "items": []}'), values()) == expected
    assert "nothing at id" in ready.save(answer(b"<html>"), values())


def test_a_check_knows_the_counters_that_it_moves() -> None:
    ready = PreparedRequest(
        RequestTemplate(
            name="make",
            url=constant("http://127.0.0.1/"),
            checks=(Check("made", statuses=((201, 201),)), Check("fast", duration=1.0)),
            count={"orders": "made", "also_orders": "made"},
        )
    )
    assert [(name, metrics) for name, _, metrics in ready.checks] == [
        ("made", ("orders", "also_orders")),
        ("fast", ()),
    ]


def test_no_think_time_is_no_think() -> None:
    url = constant("http://127.0.0.1/")
    assert PreparedRequest(RequestTemplate(name="a", url=url)).think is None
    slow = RequestTemplate(name="a", url=url, think=Think(0.0, 0.5))
    assert PreparedRequest(slow).think == Think(0.0, 0.5)


def test_a_constant_request_that_must_not_be_sent_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="no http"):
        PreparedRequest(RequestTemplate(name="a", url=constant("ftp://127.0.0.1/")))
