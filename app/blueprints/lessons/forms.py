"""The words of a lesson, and the choice as the page saw it."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.models.lesson import LONGEST_CHANGE, LONGEST_LESSON, LONGEST_LESSON_HEADING
from app.services.stages.lesson_editing import LessonWords
from app.web.forms import Form
from app.web.seen import SeenFields


class ChoiceForm(SeenFields, Form):
    """Sent by every button that changes what is chosen, or its order."""


class LessonForm(SeenFields, Form):
    heading = StringField(
        _l("Heading"),
        validators=[
            DataRequired(_l("Write a heading.")),
            Length(max=LONGEST_LESSON_HEADING, message=_l("At most %(max)d characters.")),
        ],
    )
    text = TextAreaField(
        _l("Text"), validators=[Length(max=LONGEST_LESSON, message=_l("At most %(max)d characters."))]
    )
    change = TextAreaField(
        _l("What changes in the next stage?"),
        validators=[Length(max=LONGEST_CHANGE, message=_l("At most %(max)d characters."))],
    )

    def words(self) -> LessonWords:
        return LessonWords(self.heading.data, self.text.data or "", self.change.data or "")
