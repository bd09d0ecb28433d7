"""Every text that a form takes is clean before anything looks at it."""

import ast
from collections.abc import Iterator

import pytest
from flask import Flask
from wtforms import StringField

from app.web.forms import Form
from tests.house.tracked import name, tracked

pytestmark = pytest.mark.house

_DIRTY = "\u202ea\u200b\u3164\x00\U000e0061b"


def test_every_text_field_of_every_form_is_cleaned(base_app: Flask) -> None:
    dirty = [
        f"{form.__name__}.{field}"
        for form in _forms()
        for field in _text_fields(form)
        if _read(base_app, form, field) != "ab"
    ]
    assert dirty == []


def test_no_form_is_built_on_another_base() -> None:
    """`Form` of app/web/forms.py is what cleans."""
    others = [
        f"{name(path)}:{node.lineno}"
        for path in tracked("app/*.py")
        if path.name != "forms.py" or path.parent.name != "web"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id in ("FlaskForm", "BaseForm") for base in node.bases)
    ]
    assert others == []


def _forms() -> Iterator[type[Form]]:
    found = [Form]
    for form in found:
        found += [below for below in form.__subclasses__() if below not in found]
    assert len(found) > 10
    yield from found[1:]


def _text_fields(form: type[Form]) -> list[str]:
    fields = [(key, getattr(form, key)) for key in dir(form) if not key.startswith("_")]
    return [
        key
        for key, field in fields
        if isinstance(getattr(field, "field_class", None), type)
        and issubclass(field.field_class, StringField)
    ]


def _read(app: Flask, form: type[Form], field: str) -> object:
    with app.test_request_context(method="POST", data={field: _DIRTY}):
        return form()[field].data
