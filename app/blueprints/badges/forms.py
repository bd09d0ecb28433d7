"""Whether colleagues see one's badges."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from app.web.forms import Form


class ShownForm(Form):
    shown = BooleanField(_l("Show my badges on my page"))
