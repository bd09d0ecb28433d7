"""The form that lifts an activity as a best practice, on its page."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app.models.best_practice import LONGEST_SENTENCE
from app.text import one_line
from app.web.forms import Form


class BestPracticeForm(Form):
    sentence = TextAreaField(
        _l("Why should others do the same? One sentence"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Say in one sentence why.")),
            Length(max=LONGEST_SENTENCE, message=_l("At most 200 characters.")),
        ],
    )
