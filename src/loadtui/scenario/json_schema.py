"""The JSON Schema of a scenario file, for editors: what the models cannot say of themselves.

Draft 2020-12, as pydantic writes it. A `${NAME}` may stand for a number, so text with one is taken
wherever a number is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from loadtui.model.profile import PROFILES
from loadtui.model.trace import HEADERS
from loadtui.scenario import data_fields, executor_fields, fields, schema, trace, upload
from loadtui.scenario.executor_rules import KEYS

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NAMED: JsonSchemaValue = {"type": "string", "pattern": r"\$\{"}
_TEXT: JsonSchemaValue = {"type": "string"}
_SCALAR: JsonSchemaValue = {"type": ["string", "integer"]}
_LASTS: JsonSchemaValue = {
    "anyOf": [
        {"type": "string", "pattern": r"^\s*((\d+(\.\d+)?|\.\d+)(d|h|ms|m|us|µs|s))+\s*$"},
        {"const": 0},
        {"const": "0"},
        _NAMED,
    ]
}
_STATUS = {"type": ["integer", "string"]}


def _number(kind: str, low: int, high: int | None = None) -> JsonSchemaValue:
    limits = {"minimum": low} if high is None else {"minimum": low, "maximum": high}
    return {"anyOf": [{"type": kind, **limits}, _NAMED]}


def _one_of(*words: str) -> JsonSchemaValue:
    return {"anyOf": [{"enum": list(words)}, _NAMED]}


def _reader(kind: Any) -> Callable[..., Any]:  # noqa: ANN401 - an Annotated type
    """The function that reads a value of that annotated type."""
    read: Callable[..., Any] = get_args(kind)[1].func
    return read


_SHAPES: Mapping[Callable[..., Any], JsonSchemaValue] = {
    _reader(kind): shape
    for kind, shape in (
        *((each, _TEXT) for each in (fields.Words, fields.Name, fields.Url, fields.Target)),
        *((each, _TEXT) for each in (fields.JsonPath, fields.SavedName, fields.Method)),
        *((each, _TEXT) for each in (fields.Host, fields.Address, fields.Server)),
        (fields.Template, _SCALAR),
        (
            upload.UploadPaths,
            {"anyOf": [_TEXT, {"type": "object", "additionalProperties": _TEXT}]},
        ),
        (fields.Flag, {"anyOf": [{"type": "boolean"}, _NAMED]}),
        (fields.Count, _number("integer", 1, fields.MOST)),
        (fields.Amount, _number("integer", 0, fields.MOST)),
        (fields.Redirects, _number("integer", 0, 100)),
        (fields.Share, _number("number", 0, 1)),
        (fields.Seconds, _LASTS),
        (fields.Lasting, _LASTS),
        (fields.ThinkTime, {"anyOf": [_TEXT, {"const": 0}]}),
        (fields.Statuses, {"anyOf": [_STATUS, {"type": "array", "items": _STATUS}]}),
        (fields.Client, _one_of("http1", "httpx")),
        (fields.Connections, _one_of("per-vu", "per-iteration", "none")),
        (fields.Stream, _one_of("downstream", "upstream")),
        (data_fields.DataName, {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}),
        (data_fields.DataPick, _one_of("in-order", "random", "unique")),
        (data_fields.DataEnd, _one_of("recycle", "stop", "fail")),
        (fields.MetricKind, _one_of("counter", "gauge", "rate", "trend")),
        (trace.TraceHeader, _one_of(*HEADERS)),
        (executor_fields.ExecutorName, _one_of(*KEYS)),
        (executor_fields.ProfileName, _one_of(*PROFILES)),
        (executor_fields.EntryName, {"type": "string", "pattern": "^[0-9A-Za-z_-]+$"}),
    )
}

_SHORT: Mapping[Callable[..., Any], JsonSchemaValue] = {
    _reader(schema.Stage): _TEXT,
    _reader(schema.Timeout): _LASTS,
    _reader(schema.Data): _TEXT,
    _reader(schema.Threshold): _TEXT,
}
"""What a part may be written as, beside its mapping."""


class _Generate(GenerateJsonSchema):
    def function_plain_schema(
        self, schema: core_schema.PlainValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """What a reader takes."""
        return dict(_SHAPES.get(schema["function"]["function"], {}))

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """A part, or its short form."""
        inner = self.generate_inner(schema["schema"])
        short = _SHORT.get(schema["function"]["function"])
        return inner if short is None else {"anyOf": [inner, short]}

    def function_wrap_schema(
        self, schema: core_schema.WrapValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """Requests, or the name of code."""
        return {"anyOf": [self.generate_inner(schema["schema"]), _TEXT]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Defaults are left out: inside they are seconds, in a file they carry a unit."""
        return self.generate_inner(schema["schema"])


def json_schema() -> dict[str, Any]:
    """The schema of a whole file."""
    made = schema.FilePart.model_json_schema(by_alias=True, schema_generator=_Generate)
    return {"$schema": DIALECT, **made, "title": "loadtui scenario"}
