"""Forms of the programme office."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import AnyOf

from app.models.stage import PHASE_DATES
from app.web.forms import Form


class AdvanceForm(Form):
    """The phase that the button names, so that a double tap does not move the stage twice."""

    to = HiddenField(
        _l("Phase"),
        validators=[AnyOf([phase.value for phase, _ in PHASE_DATES], message=_l("There is no such phase."))],
    )
