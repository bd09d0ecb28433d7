"""The form of a lead's own message: its words, and with them whom it goes to and when."""

from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional, StopValidation
from wtforms.widgets import CheckboxInput

from app import clock
from app.blueprints.admin.words_form import OTHER, WordsForm
from app.models.own_message import Audience
from app.models.person import USUAL_SLOTS, Role
from app.models.pin import LONGEST_PINNED
from app.services.stages.audiences import Choice
from app.services.stages.message_slots import FURTHEST, is_weekday, next_slots, slot_at
from app.services.stages.own_messages import Content
from app.web.catalogue import catalogue
from app.web.filters import clock_time
from app.web.forms import Form
from app.web.seen import SeenFields
from app.web.sent_once import SentOnceFields

_NEXT_SLOTS: Final = 2


def _day_of_its_own(form: Form, field: Field) -> None:
    """Only where a day is chosen; else whatever was written there is nothing."""
    field.errors[:] = []
    if form.when.data != OTHER:
        field.data = None
        raise StopValidation
    if why := form.what_is_wrong_with(field.data):
        raise StopValidation(why)


class MessageForm(SentOnceFields, SeenFields, WordsForm):
    audience = RadioField(
        _l("To whom?"),
        choices=[
            SelectChoice(Audience.EVERYBODY.value, _l("Everybody")),
            SelectChoice(Audience.WITHOUT_PLAN.value, _l("Those without a plan")),
            SelectChoice(Audience.OVERDUE.value, _l("Those who have not reported")),
            SelectChoice(Audience.ROLES.value, _l("Roles that I choose")),
            SelectChoice(Audience.MUNICIPALITIES.value, _l("Municipalities that I choose")),
        ],
        validators=[InputRequired(_l("Choose whom it goes to."))],
    )
    roles = SelectMultipleField(
        _l("Which roles?"),
        choices=[
            SelectChoice(Role.PARTICIPANT.value, _l("Participants")),
            SelectChoice(Role.COORDINATOR.value, _l("Coordinators")),
            SelectChoice(Role.LEAD.value, _l("Programme leads")),
            SelectChoice(Role.STEERING.value, _l("Steering group")),
        ],
        option_widget=CheckboxInput(),
    )
    places = SelectMultipleField(_l("Which municipalities?"), option_widget=CheckboxInput())
    when = RadioField(
        _l("When?"), validate_choice=False, validators=[InputRequired(_l("Choose when it goes out."))]
    )
    day = DateField(_l("Which day?"), validators=[_day_of_its_own])
    slot = RadioField(_l("What time?"))
    shown_until = DateField(_l("Also on top of the feed, until which day?"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now, self._zone = clock.now(), ZoneInfo(catalogue().timezone)
        self.next_slots = next_slots(self._now, self._zone, _NEXT_SLOTS)
        self.places.choices = [
            SelectChoice(one.slug, one.name) for one in catalogue().municipalities.values()
        ]
        self.when.choices = [SelectChoice(_stamp(one), "") for one in self.next_slots]
        self.when.choices.append(SelectChoice(OTHER, ""))
        self.slot.choices = [SelectChoice(f"{slot:%H:%M}", clock_time(slot)) for slot in USUAL_SLOTS]
        if self.slot.data is None:
            self.slot.data = self.slot.choices[0].value

    def validate_roles(self, field: Field) -> None:
        if self.audience.data == Audience.ROLES and not field.data:
            raise ValidationError(_("Choose at least one role."))

    def validate_places(self, field: Field) -> None:
        if self.audience.data == Audience.MUNICIPALITIES and not field.data:
            raise ValidationError(_("Choose at least one municipality."))

    def validate_when(self, field: Field) -> None:
        if field.data not in {_stamp(one) for one in self.next_slots} | {OTHER}:
            raise ValidationError(_("That time has passed. Choose another."))

    def validate_shown_until(self, field: Field) -> None:
        due_at, day = self.due_at, self.announced_until
        if day is None or due_at is None:
            return
        first = due_at.astimezone(self._zone).date()
        if day < first:
            raise ValidationError(_("That day is over before it goes out."))
        if day - first > LONGEST_PINNED:
            raise ValidationError(_("Choose a day within three months after it goes out."))

    def what_is_wrong_with(self, day: date | None) -> str | None:
        """Why it cannot go out on that day, at the slot that is chosen."""
        today = self._now.astimezone(self._zone).date()
        if day is None:
            return _("Choose a day.")
        if day - today > FURTHEST:
            return _("Choose a day within half a year.")
        if not is_weekday(day):
            return _("Choose a weekday.")
        return None if self._at(day) > self._now else _("That time has passed. Choose another.")

    @property
    def choice(self) -> Choice | None:
        """Whom it goes to, as far as that is chosen."""
        if self.audience.data not in set(Audience):
            return None
        roles = frozenset(Role(role) for role in self.roles.data or () if role in set(Role))
        return Choice(Audience(self.audience.data), *self._chosen(roles, self._municipality_ids))

    @property
    def due_at(self) -> datetime | None:
        """When it goes out, as far as that is chosen and can be."""
        if self.when.data == OTHER:
            day = self.day.data
            return None if self.what_is_wrong_with(day) or day is None else self._at(day)
        return next((one for one in self.next_slots if _stamp(one) == self.when.data), None)

    @property
    def retry_key(self) -> str:
        return self.key_of(f"{self.title_sv.data}:{self.body_sv.data}")

    @property
    def content(self) -> Content:
        """What the valid form says."""
        choice, due_at = self.choice, self.due_at
        assert choice  # noqa: S101 - the form is valid
        assert due_at  # noqa: S101
        title, body = self.texts
        roles = sorted(role.value for role in choice.roles)
        places, until = sorted(choice.municipality_ids), self.announced_until
        return Content(choice.audience.value, roles, places, title, body, self.url, due_at, until)

    @property
    def announced_until(self) -> date | None:
        """The last day on top of the feed; None where its audience has none, whatever was written before."""
        choice = self.choice
        return self.shown_until.data if choice and choice.audience.is_of_places else None

    def _chosen(
        self, roles: frozenset[Role], places: frozenset[int]
    ) -> tuple[frozenset[Role], frozenset[int]]:
        """What the audience asks for, and nothing that was ticked before it was changed."""
        nobody: frozenset[Any] = frozenset()
        audience = self.audience.data
        return (
            roles if audience == Audience.ROLES else nobody,
            places if audience == Audience.MUNICIPALITIES else nobody,
        )

    @property
    def _municipality_ids(self) -> frozenset[int]:
        slugs = set(self.places.data or ())
        return frozenset(number for number, one in catalogue().municipalities.items() if one.slug in slugs)

    def _at(self, day: date) -> datetime:
        slot = next((one for one in USUAL_SLOTS if f"{one:%H:%M}" == self.slot.data), time.max)
        return slot_at(day, slot, self._zone)


def _stamp(moment: datetime) -> str:
    """A slot, as the form sends it: what the button said is what is done, also when it is sent late."""
    return moment.isoformat(timespec="minutes")
