"""What every form of ours is: it reads what a form sends, and nothing else."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm


class Form(FlaskForm):
    """Flask-WTF would take JSON and files for the fields too, and no field expects a list or a file where a text is
    meant. Files are read from the request where they are wanted."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            # None: the caller wants a blank one, whatever was sent.
            return request.form if formdata is not None and form.is_submitted() else None
