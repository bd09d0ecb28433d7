"""The base of every form: it reads what an HTML form sends and nothing else, and cleans every text."""

from typing import Any, Final

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField, TextAreaField
from wtforms.meta import DefaultMeta
from wtforms.validators import Length
from wtforms.widgets.core import clean_key

from app.text import one_line, trimmed
from app.web.inputs import DRAWN, draw
from app.web.language import page_language
from app.web.refusal import is_refused

#: A text that is too long comes back as it was written, up to this many times its limit; nobody writes more by hand.
_COMES_BACK: Final = 4
#: Characters, of a field that has no limit, or a short one.
_AT_LEAST: Final = 4000


class Form(FlaskForm):
    """Flask-WTF would also fill the fields from JSON and files, and no field expects a list or a file where a text is
    meant. The routes that accept files read them from the request.

    A form with errors comes back filled, but not with a megabyte: each field takes some times what it allows."""

    class Meta(FlaskForm.Meta):
        #: CSRFProtect asks for the token before any route (app/extensions.py), and templates write it (`csrf_field`);
        #: a field of its own would sign another one for each form.
        csrf = False

        @property
        def locales(self) -> tuple[str]:
            return (page_language(),)

        def get_translations(self, form: FlaskForm) -> Any:
            """The words of WTForms, which keeps them by language; Flask-WTF reads their file again for each request."""
            return DefaultMeta.get_translations(self, form)

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            # With `formdata=None` the caller asks for a blank form, whatever was sent.
            return _cut(form) if formdata is not None and form.is_submitted() else None

        def bind_field(self, form: FlaskForm, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Every text is clean before anything looks at it; paragraphs stay where a field has several lines."""
            if issubclass(unbound_field.field_class, StringField):
                cleaner = trimmed if issubclass(unbound_field.field_class, TextAreaField) else one_line
                options = options | {"filters": [cleaner, *unbound_field.kwargs.get("filters", ())]}
            return super().bind_field(form, unbound_field, options)

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            if not isinstance(field.widget, DRAWN):
                return super().render_field(field, render_kw)
            attributes = {**(field.render_kw or {}), **render_kw}
            return draw(field, {clean_key(name): text for name, text in attributes.items()})

    def validate(self, extra_validators: Any = None) -> bool:
        """False also while a limit refuses the request: then the form only comes back as it was filled."""
        return bool(super().validate(extra_validators)) and not is_refused()


def _cut(form: FlaskForm) -> MultiDict[str, str]:
    """What was sent, without the ends of texts that no field can take; they stay too long for the field's check."""
    sent = request.form
    if all(len(text) <= _AT_LEAST for _name, text in sent.items(multi=True)):
        return sent
    longest = {field.name: _comes_back(field) for field in form}
    return MultiDict((name, text[: longest.get(name)]) for name, text in sent.items(multi=True))


def _comes_back(field: Field) -> int:
    limits = [check.max for check in field.validators if isinstance(check, Length)]
    return max(_AT_LEAST, _COMES_BACK * max(limits, default=0))
