"""What a lead's own message says and where it leads: enough to try it."""

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectChoice, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, StopValidation

from app.blueprints.admin.destinations import destination, pages
from app.models.own_message import LONGEST_BODY, LONGEST_TITLE
from app.models.person import LANGUAGES
from app.models.programme import LocalText
from app.services.notifications.placeholders import OF_STAGE, unknown_placeholders
from app.web.forms import Form

#: Of a choice whose own field stands below it.
OTHER: Final = "other"
_TOO_LONG: Final = _l("At most %(max)d characters.")


def _whole_translation(form: Form, field: Field) -> None:
    """English is written whole or not at all."""
    if not field.data and (form.title_en.data or form.body_en.data):
        raise StopValidation(_("Write both in English, or neither."))


class WordsForm(Form):
    title_sv = StringField(
        _l("Heading"),
        validators=[DataRequired(_l("Write a heading.")), Length(max=LONGEST_TITLE, message=_TOO_LONG)],
    )
    body_sv = TextAreaField(
        _l("Text"),
        validators=[DataRequired(_l("Write the text.")), Length(max=LONGEST_BODY, message=_TOO_LONG)],
    )
    title_en = StringField(
        _l("Heading in English"),
        validators=[_whole_translation, Length(max=LONGEST_TITLE, message=_TOO_LONG)],
    )
    body_en = TextAreaField(
        _l("Text in English"), validators=[_whole_translation, Length(max=LONGEST_BODY, message=_TOO_LONG)]
    )
    goes_to = SelectField(_l("Where does the tap lead?"))
    address = StringField(
        _l("Another address in Eldsjäl"),
        validators=[Length(max=400, message=_TOO_LONG)],
        render_kw={"autocomplete": "off", "inputmode": "url"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = [SelectChoice(path, str(name)) for path, name in pages()]
        self.goes_to.choices = [*usual, SelectChoice(OTHER, _("Another address …"))]

    def validate_title_sv(self, field: Field) -> None:
        if unknown := unknown_placeholders(OF_STAGE, field.data or ""):
            raise ValidationError(_("%(written)s stands for nothing here.", written=unknown[0]))

    validate_body_sv = validate_title_en = validate_body_en = validate_title_sv

    def validate_address(self, field: Field) -> None:
        if self.goes_to.data == OTHER and destination(field.data or "") is None:
            raise ValidationError(
                _("Nobody gets there. Copy the address of an activity, a challenge, a tip or a stage.")
            )

    @property
    def texts(self) -> tuple[LocalText, LocalText]:
        """Heading and text by language, without those that are empty."""
        return self._written("title"), self._written("body")

    @property
    def url(self) -> str:
        """Of a valid form."""
        written = self.address.data if self.goes_to.data == OTHER else self.goes_to.data
        return destination(written or "") or "/"

    def _written(self, part: str) -> LocalText:
        texts = {language: self[f"{part}_{language}"].data for language in LANGUAGES}
        return {language: text for language, text in texts.items() if text}
