"""How the fields of a form are drawn: as WTForms draws them, with everything escaped."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from wtforms import (
    DateField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.meta import DefaultMeta
from wtforms.validators import DataRequired, Length, NumberRange

from app.web.forms import Form

_ATTACK = "\"'><script>alert(1)</script>&"
_DATA: dict[str, Any] = {
    "line": _ATTACK,
    "several": f"\n{_ATTACK}",
    "hidden": _ATTACK,
    "number": 3,
    "choice": "b",
    "choices": ["a", "c"],
}


class _Form(Form):
    line = StringField("Line", validators=[Length(max=9)], render_kw={"data_min": 3, "class_": "wide"})
    several = TextAreaField("Several", validators=[DataRequired(), Length(2, 9)])
    mail = EmailField("Mail", validators=[DataRequired()])
    hidden = HiddenField("Hidden")
    number = IntegerField("Number", validators=[NumberRange(1, 5)])
    day = DateField("Day")
    clock = TimeField("Clock")
    choice = SelectField("Choice", choices=["a", SelectChoice("b", "Bé"), SelectChoice(_ATTACK, _ATTACK)])
    choices = SelectMultipleField("Choices", choices=["a", "b", "c"], validators=[DataRequired()])


@pytest.fixture
def form(app: Flask) -> Iterator[_Form]:
    with app.test_request_context():
        yield _Form(formdata=None, data=_DATA)


@pytest.mark.parametrize(
    "name", [name for name in dir(_Form) if hasattr(getattr(_Form, name), "field_class")]
)
@pytest.mark.parametrize(
    "attributes",
    [{}, {"class": "inp", "aria_invalid": "true", "required": False, "autofocus": True, "title": _ATTACK}],
    ids=["plain", "with attributes"],
)
def test_a_field_is_drawn_as_wtforms_does(form: _Form, name: str, attributes: dict[str, Any]) -> None:
    field: Field = form[name]
    assert field(**attributes) == DefaultMeta().render_field(field, attributes)


def test_what_was_written_stays_text(form: _Form) -> None:
    for field in (form.line, form.several, form.hidden):
        assert "<script>" not in field(title=_ATTACK)
