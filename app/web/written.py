"""What somebody wrote in a form that cannot be taken, nor shown again: the page that says so gives it back, to copy.

Nothing that was sent along unseen is among it, and nothing that another site may have sent.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from flask import current_app, g, request
from flask_babel import gettext as _
from werkzeug.exceptions import Gone, HTTPException
from wtforms import HiddenField, PasswordField, StringField

from app.text import trimmed
from app.web.forms import Form
from app.web.identity import glance_or_none

#: Text fields that people do not write: keys that are kept with the draft, and a code.
_NOT_WORDS: Final = frozenset({"request_key", "borrowed_from", "idea", "code"})
_OF_PICTURE: Final = re.compile(r"alt-(\d+)?")
#: As much as anybody writes by hand; a request may hold a megabyte.
_MOST: Final = 30
_LONGEST: Final = 10_000


class Written(NamedTuple):
    label: str
    text: str


class ClosedMeanwhileError(Gone):
    """What the form is about was reported, hidden or taken back while it was open. Raised only to those who may still
    read it, at `path`; the description says what has happened. `drafts` are the keys under which a device keeps what is
    written in forms about it."""

    def __init__(self, description: str, path: str, drafts: Sequence[str]) -> None:
        super().__init__(description)
        self.path = path
        self.drafts = drafts


def written() -> list[Written]:
    """The texts that the signed-in person has sent, in the order of their form."""
    if request.method != "POST" or not _is_from_here() or not glance_or_none():
        return []
    asked_for = words_asked_for()
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:  # it cannot be read, or is too large
        return []
    sent = ((_label(name, asked_for), trimmed(text[:_LONGEST])) for name, text in fields)
    return [Written(label, text) for label, text in sent if label and text][:_MOST]


def labels() -> dict[str, str]:
    """What forms call the fields that people write a text in, by name; `alt-` is that of any picture."""
    asked_for = words_asked_for()
    return {name: _label(name, asked_for) for name in (*asked_for, "alt-")}


def _is_from_here() -> bool:
    """Whether the token of the form was good; where nothing answers at an address, it was not even asked for."""
    return bool(g.get("csrf_valid", not current_app.config["WTF_CSRF_ENABLED"]))


def _label(name: str, asked_for: dict[str, set[str]]) -> str:
    """What the form called its field, where all forms that have one call it the same; empty for what is no text."""
    if _OF_PICTURE.fullmatch(name):
        return _("What does the picture show?")
    called = asked_for.get(name, set())
    return next(iter(called)) if len(called) == 1 else _("Your text") if called else ""


def words_asked_for() -> dict[str, set[str]]:
    """The names of all fields that people write a text in, each with what forms call it."""
    labels: dict[str, set[str]] = {}
    for form in _forms(Form):
        for name in dir(form):
            if name not in _NOT_WORDS and _is_text(field := getattr(form, name)):
                labels.setdefault(name, set()).add(str(field.args[0] if field.args else _("Your text")))
    return labels


def _forms(form: type[Form]) -> Iterator[type[Form]]:
    for kind in form.__subclasses__():
        yield kind
        yield from _forms(kind)


def _is_text(field: Any) -> bool:
    kind = getattr(field, "field_class", object)
    return issubclass(kind, StringField) and not issubclass(kind, HiddenField | PasswordField)
