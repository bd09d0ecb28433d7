"""What a coordinator can put right in an activity of others: its value and focus area, and a double."""

from typing import Any

from flask import abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice
from wtforms.validators import DataRequired, InputRequired

from app.extensions import db
from app.models.activity import Activity
from app.models.programme import FocusArea, Value
from app.services.activities.best_practice import may_lift
from app.services.activities.correct import corrections_of
from app.services.activities.promise import is_undertaken
from app.services.activities.visibility import visible_activity
from app.services.moderation.doubles import doubles_of, may_be_doubles
from app.web.catalogue import catalogue
from app.web.forms import Form
from app.web.htmx import render
from app.web.identity import viewer
from app.web.language import local_text
from app.web.paging import row_number
from app.web.seen import SeenFields, seen_of


class CorrectionForm(SeenFields, Form):
    value = RadioField(
        _l("Which value?"), validators=[InputRequired(_l("Choose the value that it lives up to."))]
    )
    focus_area = RadioField(_l("Which focus area?"), validators=[InputRequired(_l("Choose a focus area."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        values, areas = catalogue().values.values(), catalogue().focus_areas.values()
        self.value.choices = [SelectChoice(one.slug, local_text(one.name)) for one in values]
        self.focus_area.choices = [SelectChoice(one.slug, local_text(one.name)) for one in areas]

    def square(self) -> tuple[Value, FocusArea]:
        """What the valid form says it is for."""
        value = db.session.scalars(select(Value).where(Value.slug == self.value.data)).one()
        area = db.session.scalars(select(FocusArea).where(FocusArea.slug == self.focus_area.data)).one()
        return value, area


class DoubleForm(Form):
    kept = RadioField(
        _l("Which one is the same?"), coerce=row_number, validate_choice=False,
        validators=[DataRequired(_l("Choose the one that stays."))],
    )  # fmt: skip


def cared_for(activity_id: int) -> Activity:
    """What the viewer may put something right in: what their municipality takes part in, and nothing of their own."""
    activity = decidable(activity_id)
    return activity if activity.is_visible else abort(404)


def decidable(activity_id: int) -> Activity:
    """The same, also when it is out of sight, as a double is."""
    activity = visible_activity(activity_id, viewer()) or abort(404)
    return activity if may_lift(viewer(), activity) else abort(403)


def care_page(activity: Activity, status: int = 200, **forms: Any) -> Response:
    square = {"value": activity.value.slug, "focus_area": activity.focus_area.slug, "seen": seen_of(activity)}
    context = {
        "correction_form": CorrectionForm(formdata=None, data=square),
        "double_form": DoubleForm(formdata=None),
        "is_bound": is_undertaken(activity.id),
        "corrections": corrections_of(activity.id),
        "candidates": may_be_doubles(activity, viewer()),
        "doubles": doubles_of(activity.id),
        **forms,
    }
    return render("activities/care.html", "activities/care.html", status, activity=activity, **context)


def obstacle_in_words(name: str) -> str:
    """Why two cannot become one, by the name that `NoDoubleError` has for it."""
    return {
        "stage": _("They belong to different stages, so they are not the same."),
        "reported": _("Only this one is reported. Let it stay, and open the other one instead."),
        "challenge": _("This one takes on a challenge. Let it stay, and open the other one instead."),
        "away": _("One of them has been taken away in the meantime."),
    }[name]
