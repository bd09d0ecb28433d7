"""The base of every form: it reads what an HTML form sends and nothing else, and cleans every text."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField

from app.text import one_line, trimmed


class Form(FlaskForm):
    """Flask-WTF would also fill the fields from JSON and files, and no field expects a list or a file where a text is
    meant. The routes that accept files read them from the request."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            # With `formdata=None` the caller asks for a blank form, whatever was sent.
            return request.form if formdata is not None and form.is_submitted() else None

        def bind_field(self, form: FlaskForm, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Every text is clean before anything looks at it; paragraphs stay where a field has several lines."""
            if issubclass(unbound_field.field_class, StringField):
                cleaner = trimmed if issubclass(unbound_field.field_class, TextAreaField) else one_line
                options = options | {"filters": [cleaner, *unbound_field.kwargs.get("filters", ())]}
            return super().bind_field(form, unbound_field, options)
