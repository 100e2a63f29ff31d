"""The requests of a scenario made ready: what is constant is done once, not for every request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from loadtui.load.body import body_of
from loadtui.load.checks import Holds, compile_check, statuses_of
from loadtui.load.draft import Draft, can_draft
from loadtui.load.exchange import Exchange
from loadtui.load.head import Call, build_call
from loadtui.load.json_path import compile_path
from loadtui.load.values import Fill, Values, as_text, filler
from loadtui.model.request import RequestTemplate, Think
from loadtui.model.tags import tagset
from loadtui.model.text import Text


class PreparedRequest:
    """One request of the iteration, ready to be sent and judged.

    `call`: what to send where nothing changes, else None and `build` makes it. `checks`: name, how
    to tell, and the counters that go up when it passes. `tags`: the method, what
    `shared` holds, and over both the request's own. Raises ValueError with a sentence for a
    constant request that must not be sent, a path that is no JMESPath, or a file that is gone.
    """

    __slots__ = (
        "_body",
        "_draft",
        "_headers",
        "_keeps_body",
        "_saves",
        "_template",
        "_url",
        "call",
        "checks",
        "expected",
        "name",
        "tags",
        "think",
    )

    def __init__(
        self, template: RequestTemplate, shared: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Compile the template."""
        self.tags = tagset({"method": template.method}, shared, template.tags)
        self._template = template
        self._url = _known(template.url)
        self._headers = tuple((name, _known(text)) for name, text in template.headers)
        self._body = body_of(template)
        self._saves = tuple(
            (name, path, compile_path(path)) for name, path in template.save.items()
        )
        self._keeps_body = bool(template.save) or any(
            check.body or check.json_path for check in template.checks
        )
        self.name = template.name
        self.expected = statuses_of(template.expect)
        self.think: Think | None = template.think if template.think.high > 0 else None
        self.checks: tuple[tuple[str, Holds, tuple[str, ...]], ...] = tuple(
            (check.name, compile_check(check), _counters(template, check.name))
            for check in template.checks
        )
        parts = (self._url, *(text for _, text in self._headers))
        is_constant = all(isinstance(part, str) for part in parts)
        self.call = None
        if is_constant and not callable(self._body):
            self.call = self._built(str, self._body)
        self._draft = None
        if self.call is None and can_draft(template):
            self._draft = Draft(template, keeps_body=self._keeps_body)

    def build(self, values: Values) -> Call:
        """The call with a VU's values; ValueError with a sentence when it must not be sent."""
        try:
            if self._draft is not None:
                return self._draft.call(values)
            body = self._body(values) if callable(self._body) else self._body
            return self._built(lambda part: part if isinstance(part, str) else part(values), body)
        except KeyError as error:
            raise ValueError(f"{error.args[0]} is used before anything was saved as it") from None

    def save(self, exchange: Exchange, values: Values) -> str:
        """Keep what is to be saved; return a sentence about the first that has no value, or ""."""
        if not self._saves:
            return ""
        try:
            answer = exchange.json()
        except ValueError:
            answer = None
        for name, path, look in self._saves:
            found = look(answer)
            if found is None:
                return f"the answer has nothing at {path} to save as {name}"
            values.saved[name] = as_text(found)
        return ""

    def _built(self, fill: Callable[[str | Fill], str], body: bytes | None) -> Call:
        return build_call(
            self._template.method,
            fill(self._url),
            [(name, fill(part)) for name, part in self._headers],
            body,
            self._template.timeout,
            keeps_body=self._keeps_body,
        )


def _counters(template: RequestTemplate, check: str) -> tuple[str, ...]:
    return tuple(metric for metric, needed in template.count.items() if needed == check)


def _known(text: Text) -> str | Fill:
    return text.render(str) if text.is_constant else filler(text)
