"""Files that requests send arrive whole, whichever client sends them."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.support.hearing_server import hearing_server
from tests.support.shell import shell

SCENARIO = """
name: uploads
target: {target}
client: {client}
requests:
  - {{name: whole, method: POST, url: /whole, file: notes.txt}}
  - name: form
    method: POST
    url: /form
    form: {{title: "n ${{iteration}}"}}
    file: {{photo: notes.txt}}
load: {{executor: per-vu-iterations, vus: 1, iterations: 2}}
"""


@pytest.mark.parametrize("client", ["http1", "httpx"])
def test_a_file_and_a_form_arrive_as_they_are(client: str, tmp_path: Path) -> None:
    text = "".join(f"line {number} – Ä\r\n" for number in range(5000))
    (tmp_path / "notes.txt").write_bytes(text.encode())
    with hearing_server() as server:
        file = tmp_path / "uploads.yaml"
        file.write_text(SCENARIO.format(target=server.url, client=client), encoding="utf-8")
        done = shell(tmp_path, "run", str(file), "--headless")
        assert done.returncode == 0, done.stderr
        heard = [each for each in server.heard if each.path in {"/whole", "/form"}]
    assert [each.path for each in heard] == ["/whole", "/form"] * 2
    assert heard[0].body == text
    assert heard[0].headers["content-type"] == "text/plain"
    for number, each in enumerate((heard[1], heard[3])):
        head = f"content-type: {each.headers['content-type']}\r\n\r\n"
        message = message_from_bytes((head + each.body).encode(), policy=policy.HTTP)
        title, photo = message.iter_parts()
        assert title.get_payload(decode=True) == f"n {number}".encode()
        assert (photo.get_filename(), photo.get_payload(decode=True)) == (
            "notes.txt",
            text.encode(),
        )


def test_a_file_beside_the_file_that_is_extended(tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    (below / "notes.txt").write_text("hello", encoding="utf-8")
    with hearing_server() as server:
        base = f"target: {server.url}\nrequests: [{{method: POST, url: /, file: notes.txt}}]\n"
        (below / "base.yaml").write_text(base, encoding="utf-8")
        file = tmp_path / "own.yaml"
        file.write_text("extends: below/base.yaml\n", encoding="utf-8")
        done = shell(tmp_path, "run", str(file), "--headless")
        assert done.returncode == 0, done.stderr
        assert [each.body for each in server.heard] == ["hello"]
