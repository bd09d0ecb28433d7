"""The form by which a challenge is made and changed."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from app.models.challenge import (
    LONGEST_LINE,
    LONGEST_TITLE,
    LONGEST_WHY,
    MOST_DONE_WHEN,
    MOST_GOAL,
    MOST_POINTS,
    USUAL_POINTS,
    ChallengeKind,
)
from app.models.stage import Stage
from app.services.challenges.make import Content
from app.text import one_line
from app.web.catalogue import catalogue
from app.web.forms import Form
from app.web.language import local_text
from app.web.seen import SeenFields
from app.web.sent_once import SentOnceFields


def _whole_number(most: int) -> Any:
    def check(_form: Form, field: Field) -> None:
        if field.errors or field.data is None or not 1 <= field.data <= most:
            field.errors[:] = []
            raise StopValidation(_("Write a whole number from 1 to %(most)s.", most=most))

    return check


def _goal_of_a_municipality(form: Form, field: Field) -> None:
    """Other kinds have no goal, even if one was written first."""
    if form.kind.data == ChallengeKind.MUNICIPALITY:
        _whole_number(MOST_GOAL)(form, field)
        return
    field.errors[:] = []
    field.data = None
    raise StopValidation


class ChallengeForm(SentOnceFields, Form):
    title = TextAreaField(
        _l("The challenge"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write what you call for.")),
            Length(max=LONGEST_TITLE, message=_l("At most %(max)d characters.")),
        ],
    )
    why = TextAreaField(
        _l("Why does it matter?"),
        validators=[
            DataRequired(_l("Write why it matters.")),
            Length(max=LONGEST_WHY, message=_l("At most %(max)d characters.")),
        ],
    )
    value = RadioField(_l("Which value?"), validators=[InputRequired(_l("Choose a value."))])
    focus_area = RadioField(_l("Which focus area?"), validators=[InputRequired(_l("Choose a focus area."))])
    kind = RadioField(
        _l("Who reaches it?"),
        choices=[
            SelectChoice(ChallengeKind.INDIVIDUAL.value, _l("Each one for themselves")),
            SelectChoice(ChallengeKind.MUNICIPALITY.value, _l("The municipality together")),
            SelectChoice(ChallengeKind.JOINT.value, _l("Across a municipal border")),
        ],
        default=ChallengeKind.INDIVIDUAL.value,
    )
    goal = IntegerField(_l("Goal for each municipality"), validators=[_goal_of_a_municipality])
    done_when = TextAreaField(_l("Done when"), validators=[DataRequired(_l("Write what counts as done."))])
    points = IntegerField(_l("Points"), default=USUAL_POINTS, validators=[_whole_number(MOST_POINTS)])
    opens_on = DateField(_l("First day"), validators=[InputRequired(_l("Choose a day."))])
    closes_on = DateField(_l("Last day"), validators=[InputRequired(_l("Choose a day."))])
    needs_photo = BooleanField(_l("A picture is needed"))
    needs_approval = BooleanField(_l("A coordinator approves"))
    municipality = SelectField(_l("For whom?"), default="")

    def __init__(
        self, *args: Any, for_whom: bool = False, within: Stage | None = None, **kwargs: Any
    ) -> None:
        """`for_whom`: the person may choose whom it is for. `within`: the stage in which it must stay."""
        super().__init__(*args, **kwargs)
        programme = catalogue()
        self.value.choices = [
            SelectChoice(one.slug, local_text(one.name)) for one in programme.values.values()
        ]
        self.focus_area.choices = [
            SelectChoice(one.slug, local_text(one.name)) for one in programme.focus_areas.values()
        ]
        places = [SelectChoice(one.slug, one.name) for one in programme.municipalities.values()]
        self.municipality.choices = [SelectChoice("", _("All municipalities")), *places]
        self.within = within
        if not for_whom:
            del self.municipality

    def validate_done_when(self, field: Field) -> None:
        lines = self.lines
        if not lines:
            raise ValidationError(_("Write what counts as done."))
        if len(lines) > MOST_DONE_WHEN:
            raise ValidationError(_("At most %(num)d lines.", num=MOST_DONE_WHEN))
        if any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(_("At most %(num)d characters in a line.", num=LONGEST_LINE))

    def validate_closes_on(self, field: Field) -> None:
        """What is no day at all has its own error."""
        first, last = self.opens_on.data, field.data
        if first is None or last is None:
            return
        if last < first:
            raise ValidationError(_("The last day comes after the first."))
        if self.stage is None:
            raise ValidationError(_("Choose days within one stage."))

    @property
    def lines(self) -> list[str]:
        """What counts as done, line by line, also when somebody made a list of it."""
        lines = (
            one_line(line).removeprefix("-").strip() for line in (self.done_when.data or "").splitlines()
        )
        return [line for line in lines if line]

    @property
    def stage(self) -> Stage | None:
        """The stage that has both days."""
        return _stage_of(self.opens_on.data, self.closes_on.data, self.within)

    @property
    def retry_key(self) -> str:
        return self.key_of(self.title.data)

    def content(self, municipality_id: int | None) -> Content:
        """What the valid form says; for that municipality unless the form itself asks for whom."""
        if self.municipality:
            municipality_id = _number_of(catalogue().municipalities, self.municipality.data)
        stage = self.stage
        assert stage  # noqa: S101 - the form is valid
        return Content(
            stage_id=stage.id,
            municipality_id=municipality_id,
            value_id=_number_of(catalogue().values, self.value.data) or 0,
            focus_area_id=_number_of(catalogue().focus_areas, self.focus_area.data) or 0,
            kind_of_challenge=self.kind.data,
            title=self.title.data,
            why=self.why.data,
            done_when=self.lines,
            points=self.points.data,
            goal=self.goal.data,
            needs_photo=self.needs_photo.data,
            needs_approval=self.needs_approval.data,
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
        )


class EditChallengeForm(SeenFields, ChallengeForm):
    """The same for a challenge that there is."""

    #: What the days would make of an open challenge, once the form has said so: saved again, that is meant.
    confirmed = HiddenField()


def _stage_of(first: date | None, last: date | None, within: Stage | None) -> Stage | None:
    if first is None or last is None:
        return None
    stages = [within] if within else catalogue().stages
    return next((one for one in stages if one.measure_on <= first and last < one.end_on), None)


def _number_of(parts: dict[int, Any], slug: str) -> int | None:
    return next((number for number, part in parts.items() if part.slug == slug), None)
