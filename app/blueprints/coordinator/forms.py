"""The form of a coordinator's hello."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app.models.own_message import LONGEST_BODY
from app.web.forms import Form
from app.web.sent_once import SentOnceFields


class HelloForm(SentOnceFields, Form):
    text = TextAreaField(
        _l("What you want to say"),
        validators=[
            DataRequired(_l("Write something.")),
            Length(max=LONGEST_BODY, message=_l("At most %(max)d characters.")),
        ],
    )
