"""What pydantic finds wrong with a file's data, in words for the file's author.

A model of the file says in each field's `description` what is allowed there; `{key}` in it stands for the field's own
key.
"""

from collections.abc import Iterator
from functools import reduce
from types import NoneType
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from app.services.programme.file_faults import did_you_mean
from app.services.programme.toml_lines import Path

_LONGEST = 80


def faults_in_words(error: ValidationError, model: type[BaseModel], data: Any) -> Iterator[tuple[Path, str]]:
    """Each fault with the path of what is wrong. Several faults of one value may give the same sentence."""
    for fault in error.errors(include_url=False):
        if fault["type"] == "extra_forbidden":
            yield fault["loc"], _unknown(model, fault["loc"])
        else:
            path, field = _innermost_described(model, fault["loc"])
            yield path, _sentence(fault, path, field, data)


def _unknown(model: type[BaseModel], path: Path) -> str:
    keys = list(_model_of(_fields(model, path[:-1])[-1]).model_fields)
    return f"is unknown; allowed here: {', '.join(keys)}{did_you_mean(str(path[-1]), keys)}"


def _sentence(fault: ErrorDetails, path: Path, field: FieldInfo, data: Any) -> str:
    allowed = (field.description or "").replace("{key}", str(path[-1]))
    context = fault.get("ctx", {})
    if fault["type"] == "missing" and path == fault["loc"]:
        return f"is missing; must be {allowed}"
    if fault["type"] == "value_error":
        return str(context["error"])
    value = reduce(lambda around, key: around[key], path, data)
    nearest = did_you_mean(value, context["allowed"]) if "allowed" in context else ""
    return f"must be {allowed}, not {_as_text(value)}{nearest}"


def _innermost_described(model: type[BaseModel], path: Path) -> tuple[Path, FieldInfo]:
    """The innermost field on the path that has a description, since the author is told about that one: the whole list
    where its elements have none of their own."""
    fields = _fields(model, path)
    depth = max((depth for depth, field in enumerate(fields) if field.description), default=0)
    return path[:depth], fields[depth]


def _fields(model: type[BaseModel], path: Path) -> list[FieldInfo]:
    """The fields along the path: first the model itself, last the value at its end."""
    fields = [FieldInfo.from_annotation(model)]
    for key in path:
        fields.append(_element(fields[-1]) if isinstance(key, int) else _member(fields[-1], key))
    return fields


def _element(field: FieldInfo) -> FieldInfo:
    return FieldInfo.from_annotation(get_args(field.annotation)[0])


def _member(table: FieldInfo, key: str) -> FieldInfo:
    field = _model_of(table).model_fields[key]
    optional = NoneType in get_args(field.annotation)
    return _element(field) if optional else field


def _model_of(field: FieldInfo) -> type[BaseModel]:
    return cast(type[BaseModel], field.annotation)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        line = value.replace("\n", "\\n")
        return f'"{line[:_LONGEST]}…"' if len(line) > _LONGEST else f'"{line}"'
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, int) and abs(value) >= 10**_LONGEST:
        return f"a number of more than {_LONGEST} digits"
    return "a list" if isinstance(value, list) else str(value)
