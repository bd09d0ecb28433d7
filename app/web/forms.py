"""The base of every form: it reads what an HTML form sends, and nothing else."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm

from app.web.refusal import is_refused


class Form(FlaskForm):
    """Flask-WTF would also fill the fields from JSON and files, and no field expects a list or a file where a text is
    meant. The routes that accept files read them from the request."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            # With `formdata=None` the caller asks for a blank form, whatever was sent.
            return request.form if formdata is not None and form.is_submitted() else None

    def validate(self, extra_validators: Any = None) -> bool:
        """False also while a limit refuses the request: then the form only comes back as it was filled."""
        return bool(super().validate(extra_validators)) and not is_refused()
