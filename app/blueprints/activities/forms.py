"""The plan form, and the small forms on the activity's page."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import (
    DateField,
    Field,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from app.blueprints.activities.idea_fields import IdeaFields
from app.blueprints.activities.places_field import PlacesField
from app.extensions import db
from app.models.activity import Activity
from app.models.concreteness import QUESTIONS, answered_questions
from app.models.person import Person
from app.models.programme import FocusArea, Value
from app.services.activities.heeding import MOST_HEEDED
from app.services.activities.plan import Plan
from app.services.activities.shown import ShownActivity
from app.services.people.colleagues import (
    MOST_AT_ONCE,
    Meant,
    entries,
    people_numbered,
    whom_they_mean,
)
from app.text import one_line
from app.web.catalogue import catalogue
from app.web.forms import Form
from app.web.identity import viewer
from app.web.language import local_text
from app.web.paging import row_number, row_numbers
from app.web.seen import SeenFields, seen_of
from app.web.sent_once import SentOnceFields

#: A date further away than this is a typing mistake.
_FARTHEST = timedelta(days=366)

LONGEST_TITLE = 200


def _near(_form: Form, field: Field) -> None:
    if field.data and abs(field.data - catalogue().today()) > _FARTHEST:
        raise ValidationError(_("Choose a day within a year."))


def _beside_a_day(form: Form, field: Field) -> None:
    if field.data and not form.planned_for.data:
        raise ValidationError(_("Choose a day too."))


def _time_of_day() -> TimeField:
    """Browsers send a colon; whoever types may write a full stop."""
    return TimeField(
        _l("What time?"), format=["%H:%M", "%H.%M", "%H:%M:%S"], validators=[Optional(), _beside_a_day]
    )


class PlanForm(PlacesField, SentOnceFields, Form):
    """Only title, value and focus area are required; the meter shows how concrete the rest makes the plan."""

    title = TextAreaField(
        _l("Activity"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write what you will do.")),
            Length(max=LONGEST_TITLE, message=_l("At most 200 characters.")),
        ],
    )
    value = RadioField(
        _l("Which value?"), validators=[InputRequired(_l("Choose the value that it lives up to."))]
    )
    also_values = SelectMultipleField(_l("More values"), option_widget=CheckboxInput())
    focus_area = RadioField(_l("Which focus area?"), validators=[InputRequired(_l("Choose a focus area."))])
    planned_for = DateField(_l("When?"), validators=[Optional(), _near])
    starts_at = _time_of_day()
    place = StringField(
        _l("Where?"),
        validators=[Length(max=120, message=_l("At most 120 characters."))],
        render_kw={"autocomplete": "off", "placeholder": _l("For example the library in Bjuv")},
    )
    audience = StringField(
        _l("For whom?"),
        validators=[Length(max=120, message=_l("At most 120 characters."))],
        render_kw={
            "autocomplete": "off",
            "placeholder": _l("For example new colleagues in two municipalities"),
        },
    )
    success_sign = TextAreaField(
        _l("How will we know that it worked?"),
        validators=[Length(max=500, message=_l("At most 500 characters."))],
        render_kw={"placeholder": _l("At least four managers book a meeting of their own")},
    )

    #: The tips that the plan takes into account; the template draws a box on each.
    heed = SelectMultipleField(validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [SelectChoice(value.slug, local_text(value.name)) for value in catalogue().values.values()]
        self.value.choices = names
        self.also_values.choices = names
        self.focus_area.choices = [
            SelectChoice(area.slug, local_text(area.name)) for area in catalogue().focus_areas.values()
        ]
        for question in QUESTIONS:
            field = self[question.column]
            for_the_meter = {"data-question": question.key, "data-min": question.least}
            field.render_kw = {**(field.render_kw or {}), **for_the_meter}

    @property
    def details(self) -> list[Field]:
        """The fields of the questions that may be left open, in their order: all but the title."""
        return [self[question.column] for question in QUESTIONS if question.column != "title"]

    @property
    def answers(self) -> dict[str, Any]:
        """The answers so far, by the activity's column; each field has its column's name."""
        return {question.column: self[question.column].data for question in QUESTIONS}

    @property
    def answered(self) -> list[str]:
        """Keys of the questions that are answered so far."""
        return answered_questions(self.answers)

    @property
    def heeding(self) -> list[int]:
        """The numbers of the tips that are ticked."""
        return row_numbers(",".join(self.heed.data or ()), MOST_HEEDED)

    @property
    def retry_key(self) -> str:
        return self.key_of(self.title.data)

    def plan(self) -> Plan:
        """What the valid form says."""
        slugs = {self.value.data, *self.also_values.data}
        values = {
            value.slug: value for value in db.session.scalars(select(Value).where(Value.slug.in_(slugs)))
        }
        area = db.session.scalars(select(FocusArea).where(FocusArea.slug == self.focus_area.data)).one()
        return Plan(
            value=values[self.value.data],
            also_values=[values[slug] for slug in self.also_values.data if slug != self.value.data],
            focus_area=area,
            answers=self.answers,
            starts_at=self.starts_at.data,
            heeded=frozenset(self.heeding),
            places=self.places.data,
        )


class NewPlanForm(IdeaFields, PlanForm):
    """The plan form, with colleagues who are invited at once: those ticked among the found, and those written by name
    or address. A name that nobody has does not stop the plan: `meant` holds it."""

    #: Its id is not its name: that is the id of those found.
    colleagues = StringField(_l("Who is doing it with you?"), id="colleague-names")
    person_id = SelectMultipleField(validate_choice=False)

    meant: Meant = Meant()

    def validate_colleagues(self, field: Field) -> None:
        names, chosen = entries(field.data), self.chosen
        if len(names) + len(chosen) > MOST_AT_ONCE:
            raise ValidationError(
                _("At most %(num)d at once. You can ask more afterwards.", num=MOST_AT_ONCE)
            )
        self.meant = whom_they_mean(names, viewer(), chosen)

    @property
    def chosen(self) -> list[Person]:
        """Those who are ticked."""
        numbers = [number for text in self.person_id.data or () if (number := row_number(text))]
        return people_numbered(numbers[: MOST_AT_ONCE + 1], viewer()) if numbers else []


class EditPlanForm(SeenFields, PlanForm):
    """The same for a plan that there is."""


class DateForm(Form):
    planned_for = DateField(_l("New date"), validators=[InputRequired(_l("Choose a day.")), _near])
    starts_at = _time_of_day()


def answers_of(activity: Activity | ShownActivity, heeded: Iterable[int]) -> dict[str, Any]:
    """The form's data for editing a plan; `heeded` are the numbers of the tips that it takes into account."""
    beside = {"starts_at": activity.starts_at, "seen": seen_of(activity), "heed": list(map(str, heeded))}
    return _choices_of(activity) | activity.answers | beside | {"places": activity.places}


def like(activity: Activity) -> dict[str, Any]:
    """The form's data for planning something similar: what and why, not when and where."""
    answers = {
        question.column: activity.answers[question.column] for question in QUESTIONS if question.copied
    }
    return _choices_of(activity) | answers


def _choices_of(activity: Activity | ShownActivity) -> dict[str, Any]:
    return {
        "value": catalogue().values[activity.value_id].slug,
        "also_values": [value.slug for value in activity.also_values],
        "focus_area": catalogue().focus_areas[activity.focus_area_id].slug,
    }
