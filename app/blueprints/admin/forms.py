"""Forms of the programme office."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import AnyOf

from app.models.stage import STEPS
from app.web.forms import Form


class AdvanceForm(Form):
    """The phase that the button named, so that a tap too many moves nothing."""

    to = HiddenField(
        _l("Phase"),
        validators=[AnyOf([phase.value for phase, _ in STEPS], message=_l("There is no such phase."))],
    )
