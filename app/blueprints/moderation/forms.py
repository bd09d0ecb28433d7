"""Forms of moderation: flag, hide, answer."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from app.models.moderation import FLAG_REASONS
from app.services.notifications.flag_reasons import REASONS_IN_WORDS
from app.web.forms import Form

_LONGEST = 1000


def _at_most(characters: int) -> Length:
    return Length(max=characters, message=_l("At most %(max)d characters."))


class ReasonForm(Form):
    """A reason and a text. "Something else" needs the text."""

    reason = RadioField(
        _l("Why?"),
        choices=[SelectChoice(name, words.label) for name, words in REASONS_IN_WORDS.items()],
        validate_choice=False,
        validators=[AnyOf(FLAG_REASONS, message=_l("Choose a reason."))],
    )
    text = TextAreaField(_l("In your own words"), validators=[_at_most(_LONGEST)])

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        chosen = REASONS_IN_WORDS.get(self.reason.data)
        if chosen and chosen.to_author is None and not self.text.data:
            self.text.errors = [*self.text.errors, _l("Write what is wrong.")]
            return False
        return valid


class WordsForm(Form):
    """A moderator's text to the author; may be empty."""

    text = TextAreaField(_l("In your own words"), validators=[_at_most(_LONGEST)])


class AnswerForm(Form):
    """The author's answer to a decision to hide."""

    text = TextAreaField(
        _l("Your answer"),
        validators=[DataRequired(_l("Write your answer.")), _at_most(_LONGEST)],
    )
