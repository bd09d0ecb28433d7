"""The form of one's settings."""

from datetime import time

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, SelectMultipleField, TimeField
from wtforms.validators import AnyOf, InputRequired

from app.models.notification import Group
from app.models.person import Person
from app.services.accounts.preferences import Preferences
from app.services.notifications.kinds import GROUPS
from app.web.forms import Form

_CLOCK = InputRequired(_l("Write a time, such as 18:00."))


class SettingsForm(Form):
    """Asks for the quiet hours, since people think of those; the hours for pushes are stored."""

    is_paused = BooleanField(_l("Pause me"))
    takes_digest = BooleanField(_l("Mail when no push reaches me"))
    groups = SelectMultipleField(_l("Notify me about"), choices=[group.value for group in GROUPS])
    quiet_from = TimeField(_l("From"), validators=[_CLOCK])
    quiet_until = TimeField(_l("To"), validators=[_CLOCK])
    first_slot = TimeField(_l("First"), validators=[_CLOCK])
    second_slot = TimeField(_l("Second"), validators=[_CLOCK])
    quiet_weekends = BooleanField(_l("Quiet at weekends"))
    theme = RadioField(
        _l("Appearance"),
        choices=[
            SelectChoice("auto", _l("Auto")),
            SelectChoice("light", _l("Light")),
            SelectChoice("dark", _l("Dark")),
        ],
    )
    language = RadioField(
        _l("Language"),
        choices=[SelectChoice("sv", "Svenska"), SelectChoice("en", "English")],
        validators=[AnyOf(["sv", "en"])],
    )

    @classmethod
    def of(cls, person: Person) -> "SettingsForm":
        """Filled with the person's preferences."""
        return cls(
            is_paused=person.is_paused,
            takes_digest=person.takes_digest,
            groups=[group.value for group in GROUPS if group.value not in person.muted_groups],
            quiet_from=person.push_until,
            quiet_until=person.push_from,
            quiet_weekends=not person.push_weekends,
            first_slot=person.first_slot,
            second_slot=person.second_slot,
            theme=person.theme,
            language=person.language,
        )

    def preferences(self) -> Preferences:
        """The preferences that the valid form holds."""
        return Preferences(
            groups=frozenset(Group(group) for group in self.groups.data or ()),
            is_paused=bool(self.is_paused.data),
            takes_digest=bool(self.takes_digest.data),
            push_from=self.quiet_until.data or time.min,
            push_until=self.quiet_from.data or time.min,
            push_weekends=not self.quiet_weekends.data,
            slots=(self.first_slot.data or time.min, self.second_slot.data or time.min),
            language=self.language.data,
            theme=self.theme.data,
        )
