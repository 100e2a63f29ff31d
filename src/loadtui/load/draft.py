"""A request some of whose values are fresh (pure): what is constant is checked and written once."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.load.head import Call, checked, encoded, length_of, opening_of, smuggled
from loadtui.load.url import is_clean, names_origin, split
from loadtui.load.values import Values, filler
from loadtui.model.request import RequestTemplate
from loadtui.model.text import Text, joined


def can_draft(template: RequestTemplate) -> bool:
    """Whether a draft can be made: the URL names its origin before its first value, and the body
    is text that does not wait for the server's word.
    """
    before = template.url.parts[0] if template.url.parts else ""
    waits = any(name.lower() == "expect" for name, _ in template.headers)
    is_text = not template.uploads
    return is_text and isinstance(before, str) and names_origin(before) and not waits


class Draft:
    """Makes calls out of a template and a VU's values: those of `build_call`, for a third of it.

    Raises ValueError with a sentence where what is constant must not be sent.
    """

    __slots__ = ("_aim", "_body", "_breaks", "_headers", "_model", "_rest", "_start")

    def __init__(self, template: RequestTemplate, *, keeps_body: bool) -> None:
        """Write down what does not change."""
        before, *after = template.url.parts
        origin, path = split(str(before))
        self._start = f"{checked(template.method)} "
        self._headers = template.headers
        self._aim = filler(joined(path, Text(tuple(after)))) if after else None
        body, names = template.body, tuple([name for name, _ in template.headers])
        rest = joined(
            "" if after else f"{self._start}{path}",
            f" HTTP/1.1\r\n{opening_of(origin, names)[0]}",
            *(_line(name, text) for name, text in template.headers),
        )
        sent, self._body = b"", None
        if body is None or body.is_constant:
            whole = "" if body is None else body.render(str)
            sent = whole.encode()
            length = length_of(template.method, None if body is None else sent)
            rest = joined(rest, f"{length}\r\n{whole}")
        else:
            self._body = filler(body)
        self._rest = filler(rest)
        self._breaks = _breaks(rest) if _is_open(template.headers) else None
        self._model = Call(template.method, origin, b"", sent, template.timeout)
        self._model.keeps_body = keeps_body

    def call(self, values: Values) -> Call:
        """The call with a VU's values.

        Raises ValueError with a sentence when it must not be sent, KeyError (its argument the name)
        when a value was never saved.
        """
        model, rest = self._model, self._rest(values)
        if self._breaks is not None and self._breaks != _breaks_of(rest):
            raise ValueError(
                smuggled([(name, values.render(text)) for name, text in self._headers])
            )
        if self._aim is not None:
            rest = f"{self._start}{self._clean(self._aim(values))}{rest}"
        if self._body is None:
            body, wire = model.body, encoded(rest)
        else:
            body = self._body(values).encode()
            wire = encoded(f"{rest}Content-Length: {len(body)}\r\n\r\n") + body
        call = Call(model.method, model.origin, wire, body, model.timeout)
        call.keeps_body = model.keeps_body
        return call

    def _clean(self, target: str) -> str:
        return target if is_clean(target) else split(f"{self._model.origin}{target}")[1]


def _line(name: str, text: Text) -> Text:
    return joined(f"{name}: ", text, "\r\n")


def _is_open(headers: Sequence[tuple[str, Text]]) -> bool:
    """Whether a header holds what an answer or a file may have put there."""
    return any(each.kind in {"saved", "data"} for _, text in headers for each in text.variables)


def _breaks(text: Text) -> tuple[int, int, int]:
    return _breaks_of("".join(part for part in text.parts if isinstance(part, str)))


def _breaks_of(text: str) -> tuple[int, int, int]:
    """How often a text has each of those that no value of a header may hold."""
    return text.count("\r"), text.count("\n"), text.count("\0")
