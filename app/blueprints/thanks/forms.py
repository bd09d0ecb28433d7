"""What one thanks a colleague for."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.models.activity import Activity
from app.models.person import Person
from app.models.thanks import LONGEST_THANKS
from app.services.conversation.thanks import Line
from app.web.forms import Form
from app.web.sent_once import SentOnceFields


class ThanksForm(SentOnceFields, Form):
    words = StringField(
        _l("In one line"),
        validators=[
            DataRequired(_l("Write what you want to thank for.")),
            Length(max=LONGEST_THANKS, message=_l("At most %(max)d characters.")),
        ],
    )

    def line(self, to: Person, about: Activity | None) -> Line:
        """What the valid form says to that person about that."""
        words = self.words.data or ""
        return Line(words, self.key_of(f"{to.id}:{about.id if about else ''}:{words}"))
