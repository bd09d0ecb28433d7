"""The form of a survey: three words with what one feels about each, and its statements. All of it may be left out."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import AnyOf, Length, Optional

from app.models.survey import ANSWERS, MOST_STATEMENTS, Group, Sentiment, Statement
from app.services.survey.ballot import LONGEST_WORD, Answers, association
from app.web.forms import Form
from app.web.language import local_text

_ANSWERS: Final = tuple(str(answer) for answer in ANSWERS)
_GROUPS: Final = tuple(Group)


def _word(number: int) -> StringField:
    too_long = Length(max=LONGEST_WORD, message=_l("At most %(max)d characters."))
    return StringField(_l("Word %(number)s", number=number), validators=[too_long])


def _mood(number: int) -> RadioField:
    choices = [
        SelectChoice(Sentiment.POSITIVE.value, _l("Positive")),
        SelectChoice(Sentiment.NEUTRAL.value, _l("Neutral")),
        SelectChoice(Sentiment.NEGATIVE.value, _l("Negative")),
    ]
    label = _l("The feeling of word %(number)s", number=number)
    return RadioField(label, choices=choices, validate_choice=False)


def _mark() -> RadioField:
    known = AnyOf(_ANSWERS, message=_l("Choose 1 to 5."))
    return RadioField(
        # The empty one takes back what was marked: a statement may be left out.
        choices=[*(SelectChoice(one, one) for one in _ANSWERS), SelectChoice("", _l("Skip"))],
        validate_choice=False,
        validators=[Optional(), known],
    )


class SurveyForm(Form):
    """`mark_0` and so on are what is answered to the statements, in the survey's order."""

    #: The stage whose survey was shown: by the time it is sent, another one may be open.
    stage = HiddenField()
    word_1, word_2, word_3 = _word(1), _word(2), _word(3)
    mood_1, mood_2, mood_3 = _mood(1), _mood(2), _mood(3)

    def __init__(self, statements: Sequence[Statement] = (), **more: Any) -> None:
        super().__init__(**more)
        #: Why it was not taken, when no single field is to blame.
        self.refusal = ""
        self._groups = [statement["group"] for statement in statements]
        for number, statement in zip_longest(range(MOST_STATEMENTS), statements):
            if statement:
                self[f"mark_{number}"].label.text = local_text(statement["text"])
            else:
                del self[f"mark_{number}"]

    @property
    def words(self) -> list[tuple[StringField, RadioField]]:
        """Each word with its mood."""
        return [
            (self.word_1, self.mood_1), (self.word_2, self.mood_2), (self.word_3, self.mood_3),
        ]  # fmt: skip

    @property
    def marks(self) -> list[RadioField]:
        """In the survey's order."""
        return [self[f"mark_{number}"] for number in range(len(self._groups))]

    @property
    def grouped_marks(self) -> list[RadioField]:
        """As they are asked: those of a group together."""
        places = [_GROUPS.index(Group(group)) for group in self._groups]
        return [
            mark for _place, mark in sorted(zip(places, self.marks, strict=True), key=lambda pair: pair[0])
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """A word needs its mood. A mood without a word says nothing, and is left out."""
        is_valid = super().validate(extra_validators)
        for word, mood in self.words:
            if word.data and mood.data not in tuple(Sentiment):
                mood.errors = [_("Choose how the word feels: positive, neutral or negative.")]
                is_valid = False
        if is_valid and not self._says_something():
            self.refusal = _("It was empty. Write a word with its feeling, or answer one of the statements.")
            return False
        return is_valid

    def answers(self, municipality_id: int) -> Answers:
        """What the valid form says."""
        return Answers(
            municipality_id,
            tuple(association(word.data, Sentiment(mood.data)) for word, mood in self.words if word.data),
            tuple(int(mark.data) if mark.data else None for mark in self.marks),
        )

    def _says_something(self) -> bool:
        return any(word.data for word, _mood in self.words) or any(mark.data for mark in self.marks)


for _number in range(MOST_STATEMENTS):
    setattr(SurveyForm, f"mark_{_number}", _mark())
