"""The form that pins an activity on top of the feed, on its page."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import InputRequired

from app.web.forms import Form


class PinForm(Form):
    last_day = DateField(_l("Until which day?"), validators=[InputRequired(_l("Choose a day."))])
