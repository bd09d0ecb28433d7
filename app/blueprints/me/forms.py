"""What somebody asks about points of their own."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form


class QuestionForm(Form):
    text = TextAreaField(
        _l("What went wrong?"),
        validators=[
            DataRequired(_l("Write what went wrong.")),
            Length(max=1000, message=_l("At most %(max)d characters.")),
        ],
    )
