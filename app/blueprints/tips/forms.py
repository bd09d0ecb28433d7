"""The form for a tip of its own."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length

from app.extensions import db
from app.models.programme import FocusArea, Value
from app.models.tip import TipKind
from app.services.activities.tips import Words
from app.web.catalogue import catalogue
from app.web.forms import Form
from app.web.language import local_text
from app.web.sent_once import SentOnceFields

LONGEST_TIP = 1000


class TipForm(SentOnceFields, Form):
    kind = RadioField(
        _l("What kind of tip?"),
        choices=[
            SelectChoice(TipKind.SUCCESS.value, _l("This worked")),
            SelectChoice(TipKind.PITFALL.value, _l("A trap to avoid")),
        ],
        validate_choice=False,
        validators=[AnyOf(tuple(TipKind), message=_l("Choose whether it worked or is a trap."))],
    )
    text = TextAreaField(
        _l("What have you learned?"),
        validators=[
            DataRequired(_l("Write what you have learned.")),
            Length(max=LONGEST_TIP, message=_l("At most %(max)d characters.")),
        ],
    )
    focus_area = RadioField(_l("Which focus area?"), validators=[InputRequired(_l("Choose a focus area."))])
    value = RadioField(
        _l("Which value?"), validators=[InputRequired(_l("Choose the value that it lives up to."))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.focus_area.choices = [
            SelectChoice(area.slug, local_text(area.name)) for area in catalogue().focus_areas.values()
        ]
        self.value.choices = [
            SelectChoice(value.slug, local_text(value.name)) for value in catalogue().values.values()
        ]

    @property
    def retry_key(self) -> str:
        return self.key_of(self.text.data)

    def words(self) -> Words:
        """What the valid form says."""
        return Words(
            TipKind(self.kind.data),
            self.text.data,
            db.session.scalars(select(FocusArea).where(FocusArea.slug == self.focus_area.data)).one(),
            db.session.scalars(select(Value).where(Value.slug == self.value.data)).one(),
        )
