"""The forms of a stage's playbook: a step's switch, and its text in both languages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import AnyOf, Length

from app.models.person import LANGUAGES
from app.models.playbook import StepText
from app.models.programme import LocalText
from app.services.notifications.placeholders import placeholders_of, unknown_placeholders
from app.services.notifications.playbook import Step
from app.web.forms import Form

#: Phones show no more on a locked screen.
LONGEST_TITLE: Final = 60
LONGEST_BODY: Final = 180


class SwitchForm(Form):
    """How it is to be, so that a double tap does not switch it back."""

    to = HiddenField(validators=[AnyOf(["on", "off"])])


class StepTextForm(Form):
    """Empty: the table's own text. The placeholders are those of `step`."""

    title_sv = StringField(
        _l("Title in Swedish"), validators=[Length(max=LONGEST_TITLE, message=_l("That is too long."))]
    )
    body_sv = TextAreaField(
        _l("Text in Swedish"), validators=[Length(max=LONGEST_BODY, message=_l("That is too long."))]
    )
    title_en = StringField(
        _l("Title in English"), validators=[Length(max=LONGEST_TITLE, message=_l("That is too long."))]
    )
    body_en = TextAreaField(
        _l("Text in English"), validators=[Length(max=LONGEST_BODY, message=_l("That is too long."))]
    )
    #: The version that the writer saw; empty when there was none.
    seen = HiddenField()

    def __init__(self, *args: Any, step: Step | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._step = step

    @classmethod
    def of(cls, text: StepText | None, step: Step) -> "StepTextForm":
        return cls(formdata=None, data=_filled(text), step=step)

    @property
    def texts(self) -> tuple[LocalText, LocalText]:
        """Titles and bodies by language, without those that are empty."""
        return self._written("title"), self._written("body")

    @property
    def seen_at(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None

    def validate_title_sv(self, field: Field) -> None:
        unknown = unknown_placeholders(placeholders_of(self._step), field.data or "") if self._step else []
        if unknown:
            raise ValidationError(_("%(written)s stands for nothing here.", written=unknown[0]))

    validate_body_sv = validate_title_en = validate_body_en = validate_title_sv

    def _written(self, part: str) -> LocalText:
        texts = {language: self[f"{part}_{language}"].data for language in LANGUAGES}
        return {language: text for language, text in texts.items() if text}


def seen_of(text: StepText | None) -> str:
    return text.changed_at.isoformat() if text else ""


def _filled(text: StepText | None) -> Mapping[str, str]:
    if text is None:
        return {"seen": ""}
    parts = {"title": text.title, "body": text.body}
    fields = {f"{part}_{one}": texts.get(one, "") for part, texts in parts.items() for one in LANGUAGES}
    return fields | {"seen": seen_of(text)}
