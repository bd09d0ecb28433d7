"""What can be said beside the tap. All of it may be left out."""

from datetime import date
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, RadioField, SelectChoice, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from app.models.outcome import Hindrance
from app.services.activities.close_out import Account
from app.services.activities.close_out_days import DaysLeft, DayToMoveTo
from app.services.activities.hindrances import HINDRANCES
from app.web.filters import weekday
from app.web.forms import Form

LONGEST_SENTENCE: Final = 1000
_AT_MOST: Final = Length(max=LONGEST_SENTENCE, message=_l("At most %(max)d characters."))


class DoneForm(Form):
    rating = RadioField(
        _l("How did it turn out?"), choices=[str(number) for number in range(1, 6)], validators=[Optional()]
    )
    sentence = TextAreaField(_l("A sentence to the next one who tries"), validators=[_AT_MOST])

    def account(self) -> Account:
        """What the valid form says."""
        rating = int(self.rating.data) if self.rating.data else None
        return Account(rating=rating, sentence=self.sentence.data)


class NotDoneForm(Form):
    hindrance = RadioField(
        _l("What came in between?"),
        choices=[SelectChoice(hindrance.value, words) for hindrance, words in HINDRANCES.items()],
        validators=[Optional()],
    )
    sentence = TextAreaField(_l("What should the next person know?"), validators=[_AT_MOST])

    def account(self) -> Account:
        """What the valid form says."""
        hindrance = Hindrance(self.hindrance.data) if self.hindrance.data else None
        return Account(hindrance=hindrance, sentence=self.sentence.data)


class DayForm(Form):
    """One of the days that are offered, or any other that is left; what is written wins."""

    day = RadioField(_l("Does another day suit better?"), validate_choice=False)
    other = DateField(_l("Or write a day"), validators=[Optional()])

    def offer(self, days: list[DayToMoveTo], left: DaysLeft) -> None:
        """Say which days may be chosen."""
        self.left = left
        self.day.choices = [one.day.isoformat() for one in days]

    def validate_day(self, field: Field) -> None:
        if not self.other.data and field.data not in self.day.choices:
            raise ValidationError(_("Choose a day."))

    def validate_other(self, field: Field) -> None:
        """Where no day is left, that is said when it is moved (`move_on`)."""
        if not field.data or not self.left or field.data.isoformat() in self.day.choices:
            return
        if field.data not in self.left:
            first, last = weekday(self.left.first), weekday(self.left.last)
            raise ValidationError(_("Choose a day from %(first)s to %(last)s.", first=first, last=last))

    @property
    def chosen(self) -> date:
        """Of the valid form."""
        return self.other.data or date.fromisoformat(self.day.data)
