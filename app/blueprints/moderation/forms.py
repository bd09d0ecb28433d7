"""Forms of moderation: flag, hide, answer."""

import hashlib
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import Signer
from wtforms import HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from app.models.contribution import Contributed
from app.models.moderation import FLAG_REASONS
from app.services.moderation.reading import LONGEST_NOTE
from app.services.moderation.rewriting import Text, texts_of
from app.services.notifications.flag_reasons import REASONS_IN_WORDS
from app.web.forms import Form
from app.web.identity import viewer
from app.web.refusal import is_refused

_LONGEST = 1000
#: Characters; a longer text gets several lines.
_ONE_LINE = 200

#: What a moderator may decide about a thing.
VERDICTS = ("keep", "ask", "hide", "limit")


def _at_most(characters: int) -> Length:
    return Length(max=characters, message=_l("At most %(max)d characters."))


class ReasonForm(Form):
    """A reason and a text. "Something else" needs the text."""

    reason = RadioField(
        _l("Why?"),
        choices=[SelectChoice(name, words.label) for name, words in REASONS_IN_WORDS.items()],
        validate_choice=False,
        validators=[AnyOf(FLAG_REASONS, message=_l("Choose a reason."))],
    )
    text = TextAreaField(_l("In your own words"), validators=[_at_most(_LONGEST)])

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        chosen = REASONS_IN_WORDS.get(self.reason.data)
        if chosen and chosen.to_author is None and not self.text.data:
            self.text.errors = [*self.text.errors, _l("Write what is wrong.")]
            return False
        return valid


class ReportForm(ReasonForm):
    """What anybody asks the coordinators. Sealed in it is that its sender has seen what it is about."""

    opened = HiddenField()

    def seal(self, contribution_id: int) -> None:
        self.opened.data = _seal().get_signature(_opening(contribution_id)).decode()

    def was_opened_about(self, contribution_id: int) -> bool:
        return _seal().verify_signature(_opening(contribution_id), self.opened.data or "")


def _seal() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="report", digest_method=hashlib.sha256)


def _opening(contribution_id: int) -> str:
    return f"{viewer().id}:{contribution_id}"


class ReviewForm(ReasonForm):
    """What a moderator decides. To keep it needs no reason; to ask for a change needs words to the author."""

    verdict = RadioField(
        _l("What do we do?"),
        choices=[
            SelectChoice("keep", _l("Let it stand")),
            SelectChoice("ask", _l("Ask for a change")),
            SelectChoice("hide", _l("Hide it")),
            SelectChoice("limit", _l("Hide it, and limit the author")),
        ],
        validate_choice=False,
        validators=[AnyOf(VERDICTS, message=_l("Choose what to do."))],
    )
    #: The last decision about it when the page was shown: one that is made meanwhile is not decided over.
    seen = HiddenField()
    days = RadioField(
        _l("For how long?"),
        choices=[
            SelectChoice("1", _l("1 day")),
            SelectChoice("7", _l("7 days")),
            SelectChoice("30", _l("30 days")),
        ],
        default="7",
        validate_choice=False,
        validators=[AnyOf(("1", "7", "30"), message=_l("Choose how long."))],
    )

    text = TextAreaField(_l("A few words to the author"), validators=[_at_most(_LONGEST)])

    def validate(self, extra_validators: object = None) -> bool:
        if self.verdict.data == "keep":
            return bool(self.verdict.validate(self) and self.text.validate(self)) and not is_refused()
        valid = super().validate(extra_validators)
        if self.verdict.data == "ask" and not self.text.data:
            self.text.errors = [_l("Write what is to be changed.")]
            return False
        return valid


class NoteForm(Form):
    """What a moderator tells the others."""

    note = TextAreaField(
        _l("Note"), validators=[DataRequired(_l("Write something.")), _at_most(LONGEST_NOTE)]
    )


class WordsForm(Form):
    """A moderator's text to the author; may be empty."""

    text = TextAreaField(_l("In your own words"), validators=[_at_most(_LONGEST)])


class AnswerForm(Form):
    """The author's answer to a decision to hide."""

    text = TextAreaField(
        _l("Your answer"),
        validators=[DataRequired(_l("Write your answer.")), _at_most(_LONGEST)],
    )


#: What each text of `rewriting.texts_of` is called.
_TEXT_LABELS = {
    "title": _l("Title"),
    "story": _l("Your story"),
    "why": _l("Why it matters"),
    "text": _l("Your text"),
    "body": _l("Your comment"),
    "words": _l("Your thanks"),
}


def again_form(thing: Contributed) -> Form:
    """The texts of a thing that its author changes and sends again, filled in with what they say now."""
    fields = {name: _field(text) for name, (text, _words) in texts_of(thing).items()}
    form_class: type[Form] = type("AgainForm", (Form,), fields)
    return form_class(data={name: words for name, (_text, words) in texts_of(thing).items()})


def _field(text: Text) -> Any:
    field_class = TextAreaField if text.longest > _ONE_LINE else StringField
    required = [DataRequired(_l("Write something."))] if text.required else []
    return field_class(_TEXT_LABELS[text.name], validators=[*required, _at_most(text.longest)])
