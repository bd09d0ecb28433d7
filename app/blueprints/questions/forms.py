"""What a coordinator answers to a question about points."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form


class AnswerForm(Form):
    text = TextAreaField(
        _l("Your answer"),
        validators=[
            DataRequired(_l("Write your answer.")),
            Length(max=1000, message=_l("At most %(max)d characters.")),
        ],
    )
    #: Whether the entry is reversed with the answer.
    reverse = BooleanField()
