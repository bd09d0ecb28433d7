"""The forms for signing in and joining."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectChoice, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from app.email_address import for_display
from app.services.people.membership import joining_domains, may_join
from app.text import search_words
from app.web.address_field import AddressField
from app.web.catalogue import catalogue
from app.web.forms import Form


def _digits(text: str | None) -> str:
    """People paste "471 902"."""
    return "".join((text or "").split())


class EmailForm(Form):
    email = AddressField(_l("Your work e-mail"), validators=[DataRequired(_l("Write your e-mail address."))])


class CodeForm(Form):
    code = StringField(
        _l("The code"),
        filters=[_digits],
        validators=[
            DataRequired(_l("Write the six digits from the mail.")),
            Regexp(r"[0-9]{6}$", message=_l("The code is six digits.")),
        ],
    )


def _can_be_found(_form: Form, field: Field) -> None:
    """A name of dots or pictures alone is none: nobody could find the person."""
    if not search_words(field.data):
        raise ValidationError(_("Write your first name and surname."))


class JoinForm(EmailForm):
    """The first of the two steps of joining."""

    municipality = RadioField(_l("Municipality"), validators=[InputRequired(_l("Choose where you work."))])
    name = StringField(
        _l("Your name"),
        validators=[
            DataRequired(_l("Write your first name and surname.")),
            _can_be_found,
            Length(max=120, message=_l("At most 120 characters.")),
        ],
    )
    title = StringField(
        _l("What do you do?"),
        validators=[Length(max=120, message=_l("At most 120 characters."))],
    )
    informed = BooleanField(
        _l("I have read how we handle personal data."),
        validators=[InputRequired(_l("Read it and tick the box, then you can go on."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality.choices = [
            SelectChoice(place.slug, place.name) for place in catalogue().municipalities.values()
        ]

    def validate_email(self, field: AddressField) -> None:
        if not may_join(field.data):
            domains = ", ".join(for_display(domain) for domain in joining_domains())
            raise ValidationError(_("Use your work address. These can join: %(domains)s.", domains=domains))
