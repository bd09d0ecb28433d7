"""The form that asks one colleague, on the activity's page."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, ValidationError

from app.extensions import db
from app.models.person import Person
from app.services.people.colleagues import Search, colleagues_called, entries, search
from app.web.forms import Form
from app.web.identity import viewer
from app.web.paging import row_number


class InvitationForm(Form):
    """A colleague: one of those found (`person_id`), an address, or a name to search for, which fills `found`."""

    person_id = HiddenField()
    q = StringField(_l("Name or e-mail address"))

    search: Search | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            self.person = self._person()
        except ValidationError as error:
            self.q.errors = [str(error)]
            return False
        return True

    def _person(self) -> Person:
        if number := row_number(self.person_id.data):
            return _not_me(_still_here(db.session.get(Person, number)))
        if names := entries(self.q.data):
            found = colleagues_called(names[0], viewer())
            if "@" in names[0]:
                return _not_me(_still_here(found[0] if found else None, names[0]))
        self.search = search(self.q.data, viewer())
        raise ValidationError(
            _("Choose who you mean.") if self.search.found else _("Write a name or an e-mail address.")
        )


def _still_here(person: Person | None, address: str = "") -> Person:
    if person is None or not person.is_present:
        raise ValidationError(_("Nobody has joined with the address %(address)s yet.", address=address))
    return person


def _not_me(person: Person) -> Person:
    if person.id == viewer().id:
        raise ValidationError(_("You are taking part already. Write a colleague’s address."))
    return person
