"""Forms of the survey: its end, what becomes of its words, and a word that is taken out of the result."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from app.models.survey import Survey
from app.services.survey.ballot import LONGEST_WORD
from app.services.survey.reviewing import in_circles
from app.services.survey.words import Review, key_of
from app.web.forms import Form


class EndForm(Form):
    """People answer until the evening of `last_day`."""

    last_day = DateField(_l("Last day to answer"), validators=[InputRequired(_l("Choose a day."))])

    @classmethod
    def of(cls, survey: Survey) -> "EndForm":
        return cls(formdata=None, data={"last_day": survey.last_day})


class BlankForm(Form):
    """A word that is taken out of the released result. One that is gone already is none of the form's business."""

    word = SelectField(
        _l("The word"), validators=[InputRequired(_l("Choose a word."))], validate_choice=False
    )
    sure = BooleanField(
        _l("I am sure"),
        validators=[InputRequired(_l("Tick that you are sure: the word cannot be put back."))],
    )


@dataclass(frozen=True)
class Row:
    """A word as a lead reads it (`key`, `word`, `count`, `sentiment`), and its two fields."""

    about: dict[str, Any]
    same_as: Field
    hidden: Field


class ReviewForm(Form):
    """What becomes of each word. The fields are made for the words that there are, two for each (`review_form`)."""

    words: Sequence[dict[str, Any]] = ()
    #: The stamp of the review that was shown.
    seen = HiddenField()

    def rows(self) -> Iterator[Row]:
        for place, about in enumerate(self.words):
            yield Row(about, self[f"same_as_{place}"], self[f"hidden_{place}"])

    @cached_property
    def review(self) -> Review:
        """What was chosen."""
        hidden = frozenset(row.about["key"] for row in self.rows() if row.hidden.data)
        return Review(self._same_as, hidden)

    @property
    def faults(self) -> list[Row]:
        return [row for row in self.rows() if row.same_as.errors]

    def check_same_as(self, word: dict[str, Any], field: Field) -> None:
        key, other = word["key"], key_of(field.data or "")
        if not other:
            return
        if other not in self._keys:
            raise ValidationError(_("That word is not in the list. Choose one that is."))
        if other == key:
            raise ValidationError(_("That is the word itself. Choose another, or none."))
        if key in self._circles:
            raise ValidationError(
                _("These words lead round in a circle. Empty the field of the one to keep.")
            )
        if key in self.review.blanked:
            raise ValidationError(
                _("Choose one of the two: it is counted as another word, or it is not shown.")
            )

    @cached_property
    def _same_as(self) -> dict[str, str]:
        chosen = ((row.about["key"], key_of(row.same_as.data or "")) for row in self.rows())
        return {key: other for key, other in chosen if other}

    @cached_property
    def _circles(self) -> set[str]:
        return in_circles(self._same_as)

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(word["key"] for word in self.words)


def review_form(words: Sequence[dict[str, Any]], kept: Review | None = None) -> ReviewForm:
    """The form for these words: as it was sent, or as it was `kept`."""
    fields: dict[str, Any] = {"words": words}
    for place, word in enumerate(words):
        fields[f"same_as_{place}"] = _same_as_field(word)
        fields[f"hidden_{place}"] = BooleanField(_l("Do not show"))
    form: type[ReviewForm] = type("FormOfTheseWords", (ReviewForm,), fields)
    return form(formdata=None, data=_filled(words, kept)) if kept is not None else form()


def _same_as_field(word: dict[str, Any]) -> Any:
    def check(form: ReviewForm, field: Field) -> None:
        form.check_same_as(word, field)

    return StringField(
        _l("Same as"),
        validators=[Length(max=LONGEST_WORD, message=_l("That is too long for a word.")), check],
    )


def _filled(words: Sequence[dict[str, Any]], kept: Review) -> dict[str, Any]:
    spellings = {word["key"]: word["word"] for word in words}
    data: dict[str, Any] = {"seen": kept.stamp}
    for place, word in enumerate(words):
        other = kept.same_as.get(word["key"], "")
        data |= {
            f"same_as_{place}": spellings.get(other, other),
            f"hidden_{place}": word["key"] in kept.blanked,
        }
    return data
