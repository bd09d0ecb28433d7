"""How many may come along, in the plan form."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, IntegerField
from wtforms.validators import Optional, StopValidation

from app.models.coming import MOST_PLACES


def _number_of_places(_form: Form, field: Field) -> None:
    if field.errors or field.data is None or not 1 <= field.data <= MOST_PLACES:
        field.errors[:] = []
        raise StopValidation(_("Write a whole number from 1 to %(most)d.", most=MOST_PLACES))


class PlacesField:
    """Beside the form's own class."""

    places = IntegerField(_l("How many can come along?"), validators=[Optional(), _number_of_places])
