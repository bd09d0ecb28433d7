"""What a coordinator says about a completion."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form


class ReturnForm(Form):
    text = TextAreaField(
        _l("What is missing?"),
        validators=[
            DataRequired(_l("Write what is missing.")),
            Length(max=1000, message=_l("At most %(max)d characters.")),
        ],
    )
