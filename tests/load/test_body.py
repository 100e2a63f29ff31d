"""Bodies of requests: text, files, and multipart forms as a server's own parser reads them."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from random import Random

import pytest

from loadtui.load.body import body_of
from loadtui.load.values import Sources, Values
from loadtui.model.request import RequestTemplate
from loadtui.model.text import Text, Variable, constant
from loadtui.model.upload import Upload

BYTES = bytes(range(256)) * 3 + b"\r\n--loadtui\r\n"


def template(folder: Path, **changes: object) -> RequestTemplate:
    (folder / "a b.bin").write_bytes(BYTES)
    made = {"name": "send", "method": "POST", "url": constant("http://127.0.0.1/"), **changes}
    return RequestTemplate(**made)  # type: ignore[arg-type]


def parts(body: object, boundary: str) -> dict[str, tuple[str | None, str, bytes]]:
    assert isinstance(body, bytes)
    head = f"Content-Type: multipart/form-data; boundary={boundary}\r\n\r\n".encode()
    message = message_from_bytes(head + body, policy=policy.HTTP)
    return {
        str(each.get_param("name", header="content-disposition")): (
            each.get_filename(),
            each.get_content_type(),
            bytes(each.get_payload(decode=True)),
        )
        for each in message.iter_parts()
    }


def test_a_file_alone_is_all_of_the_body(tmp_path: Path) -> None:
    upload = Upload("", str(tmp_path / "a b.bin"), "application/octet-stream")
    assert body_of(template(tmp_path, uploads=(upload,))) == BYTES


def test_a_form_with_a_file_holds_both(tmp_path: Path) -> None:
    upload = Upload("photo", str(tmp_path / "a b.bin"), "image/png")
    fields = (("title", constant('Ä & "ö"')),)
    body = body_of(template(tmp_path, uploads=(upload,), fields=fields, boundary="bound"))
    assert parts(body, "bound") == {
        "title": (None, "text/plain", 'Ä & "ö"'.encode()),
        "photo": ("a b.bin", "image/png", BYTES),
    }


def test_fresh_values_stand_in_a_form_beside_files(tmp_path: Path) -> None:
    upload = Upload("photo", str(tmp_path / "a b.bin"), "image/png")
    fields = (("number", Text(("n", Variable("iteration", "iteration")))),)
    body = body_of(template(tmp_path, uploads=(upload,), fields=fields, boundary="bound"))
    assert callable(body)
    values = Values(1, Sources(Random(1), Random(1), lambda: 0.0))
    values.begin()
    first = parts(body(values), "bound")
    values.begin()
    second = parts(body(values), "bound")
    assert (first["number"][2], second["number"][2]) == (b"n0", b"n1")
    assert first["photo"] == second["photo"] == ("a b.bin", "image/png", BYTES)


def test_names_cannot_break_out_of_their_quotes(tmp_path: Path) -> None:
    upload = Upload('a"\r\nX-Evil: 1', str(tmp_path / "a b.bin"), "image/png")
    body = body_of(template(tmp_path, uploads=(upload,), boundary="bound"))
    assert isinstance(body, bytes)
    assert b'name="a%22%0D%0AX-Evil: 1"' in body


def test_a_file_that_is_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    upload = Upload("", str(tmp_path / "gone"), "text/plain")
    with pytest.raises(ValueError, match="gone cannot be read: No such file"):
        body_of(template(tmp_path, uploads=(upload,)))
