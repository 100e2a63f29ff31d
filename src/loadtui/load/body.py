"""What requests send after their heads, made ready: what is constant is bytes, files are read once.

Multipart forms are those of RFC 7578, names and file names escaped as HTML's forms do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from loadtui.load.values import Fill, Values, filler
from loadtui.model.request import RequestTemplate
from loadtui.model.text import Text
from loadtui.model.upload import Upload

Body = bytes | Callable[[Values], bytes] | None
"""Always the same, made of a VU's values, or none at all."""

_ESCAPED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def body_of(template: RequestTemplate) -> Body:
    """The body of a request; ValueError with a sentence for a file that cannot be read."""
    if template.uploads:
        return _sent(template)
    return None if template.body is None else _joined([template.body])


def _sent(template: RequestTemplate) -> Body:
    only = template.uploads[0]
    if not only.field:
        return _read(only)
    return _joined([*_multipart(template)])


def _multipart(template: RequestTemplate) -> Iterator[bytes | Text]:
    opening = f"--{template.boundary}\r\nContent-Disposition: form-data; name="
    for name, text in template.fields:
        yield f'{opening}"{name.translate(_ESCAPED)}"\r\n\r\n'.encode()
        yield text
        yield b"\r\n"
    for upload in template.uploads:
        field, name = (each.translate(_ESCAPED) for each in (upload.field, Path(upload.path).name))
        kind = f"Content-Type: {upload.kind}"
        yield f'{opening}"{field}"; filename="{name}"\r\n{kind}\r\n\r\n'.encode()
        yield _read(upload)
        yield b"\r\n"
    yield f"--{template.boundary}--\r\n".encode()


def _read(upload: Upload) -> bytes:
    try:
        return Path(upload.path).read_bytes()
    except OSError as error:
        raise ValueError(f"the file {upload.path} cannot be read: {error.strerror}") from None


def _joined(pieces: list[bytes | Text]) -> Body:
    ready = [each if isinstance(each, bytes) else _ready(each) for each in pieces]
    fixed = [each for each in ready if isinstance(each, bytes)]
    if len(fixed) == len(ready):
        return b"".join(fixed)
    return lambda values: b"".join(
        [each if isinstance(each, bytes) else each(values).encode() for each in ready]
    )


def _ready(text: Text) -> bytes | Fill:
    return text.render(str).encode() if text.is_constant else filler(text)
