"""The form that asks how it went."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import AnyOf, Length, Optional, StopValidation

from app.models.outcome import Hindrance, Permission
from app.services.activities.hindrances import HINDRANCES
from app.services.activities.report import Report
from app.web.forms import Form
from app.web.paging import row_number

#: More people than live in the region is a typing mistake.
_MOST_REACHED = 1_000_000
LONGEST_STORY, LONGEST_LESSON = 4000, 1000


def _rated_if_it_happened(form: Form, field: Field) -> None:
    """An activity that did not happen has no rating, even if one was chosen first."""
    field.errors[:] = []
    if form.carried_out.data != "yes":
        field.data = None
        raise StopValidation
    if field.data not in {"1", "2", "3", "4", "5"}:
        raise StopValidation(_("Choose a rating."))


def _number_of_people(_form: Form, field: Field) -> None:
    if field.errors or field.data is None or not 0 <= field.data <= _MOST_REACHED:
        field.errors[:] = []
        raise StopValidation(_("Write a whole number, such as 25."))


def _at_most(characters: int) -> Length:
    return Length(max=characters, message=_l("At most %(max)d characters."))


def _place(text: str | int) -> int:
    """A place in the checklist; of what cannot be one, a place that no list has."""
    number = row_number(str(text))
    return -1 if number is None else number


class OutcomeForm(Form):
    #: Stamp of the report that was there when the form was opened; not stored in the draft.
    seen = HiddenField()
    carried_out = RadioField(
        _l("Did it happen?"),
        choices=[SelectChoice("yes", _l("It happened")), SelectChoice("no", _l("It came to nothing"))],
        validate_choice=False,
        validators=[AnyOf(("yes", "no"), message=_l("Choose whether it happened."))],
    )
    rating = RadioField(
        _l("How do you rate the result?"),
        choices=[str(n) for n in range(1, 6)],
        validate_choice=False,
        validators=[_rated_if_it_happened],
    )
    #: Only of what came to nothing.
    hindrance = SelectField(
        _l("What came in between?"),
        filters=[lambda chosen: chosen or ""],
        choices=[
            SelectChoice("", _l("Choose, if you like")),
            *(SelectChoice(one.value, words) for one, words in HINDRANCES.items()),
        ],
        validate_choice=False,
        validators=[AnyOf(("", *Hindrance), message=_l("Choose one of those in the list."))],
    )
    story = TextAreaField(_l("What happened?"), validators=[_at_most(LONGEST_STORY)])
    reached = IntegerField(_l("How many did you reach?"), validators=[Optional(), _number_of_people])
    #: The files are in the request; `take_in` (photo_routes.py) reads them there.
    photos = MultipleFileField(_l("A picture says a lot"))
    #: To a coordinator who has sent the completion of a challenge back.
    answer = TextAreaField(_l("Your answer"), validators=[_at_most(LONGEST_LESSON)])
    success = TextAreaField(_l("What worked?"), validators=[_at_most(LONGEST_LESSON)])
    pitfall = TextAreaField(_l("Which trap should others avoid?"), validators=[_at_most(LONGEST_LESSON)])
    #: The places in the checklist of the challenge that it takes on; the page sets the choices (outcome_page.py).
    ticked = SelectMultipleField(_l("Done when"), coerce=_place, choices=[], validate_choice=False)
    permission = RadioField(
        _l("May we tell others about it?"),
        choices=[
            SelectChoice(Permission.NONE.value, _l("No, only here in Eldsjäl")),
            SelectChoice(Permission.INTERNAL.value, _l("Yes, within the municipalities")),
            SelectChoice(Permission.EXTERNAL.value, _l("Yes, for everyone")),
        ],
        default=Permission.NONE.value,
        validate_choice=False,
        validators=[AnyOf(tuple(Permission), message=_l("Choose how far it may go."))],
    )

    def report(self) -> Report:
        """What the valid form says."""
        return Report(
            carried_out=self.carried_out.data == "yes",
            rating=int(self.rating.data) if self.rating.data else None,
            story=self.story.data,
            reached=self.reached.data or 0,
            success=self.success.data,
            pitfall=self.pitfall.data,
            permission=Permission(self.permission.data),
            hindrance=self._hindrance,
            ticked=tuple(sorted(set(self.ticked.data or ()))),
        )

    @property
    def _hindrance(self) -> Hindrance | None:
        """None where it was carried out, even if one was chosen first."""
        return (
            Hindrance(self.hindrance.data) if self.hindrance.data and self.carried_out.data == "no" else None
        )


def as_reported(report: Report | None) -> dict[str, Any]:
    """The form's data for changing a report; empty when there is none yet."""
    if report is None:
        return {}
    return {
        "seen": report.stamp,
        "carried_out": "yes" if report.carried_out else "no",
        "rating": report.rating and str(report.rating),
        "story": report.story,
        "reached": report.reached or None,
        "success": report.success,
        "pitfall": report.pitfall,
        "permission": report.permission.value,
        "hindrance": report.hindrance or "",
        "ticked": list(report.ticked),
    }
