"""The words of each kind of notification, made when they are read, in the reader's language.

One function for each kind, from the parameters that `notify` was given. They run inside the reader's language, so plain
`gettext` is right; a text of the programme, in several languages, is chosen by `_local`.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple

from flask_babel import force_locale, format_date, get_locale, gettext, ngettext

from app.models.notification import Kind
from app.models.programme import LocalText
from app.services.notifications.playbook import Step, step_named

Parameters = defaultdict[str, Any]


class Words(NamedTuple):
    title: str
    body: str


def words(kind: str, parameters: dict[str, Any], language: str) -> Words:
    """Title and body in that language (`sv` or `en`). A parameter that an older version did not write is left out."""
    with force_locale(language):
        return _WORDING[Kind(kind)](defaultdict(str, parameters))


def several(count: int, newest: Words, language: str) -> Words:
    """One push instead of many: how many there are, and what the newest says."""
    with force_locale(language):
        return Words(ngettext("%(num)d new notification", "%(num)d new notifications", count), newest.title)


def in_words(step: Step, number: int, name: LocalText, language: str) -> Words:
    """A row of the playbook, as the people it is for will read it."""
    return words(step.kind, {"step": step.name, "number": number, "name": name}, language)


def _stage(about: Parameters) -> Words:
    step = step_named(about["step"])
    known = {"number": about["number"], "name": _local(about["name"])}
    return Words(str(step.title) % known, str(step.body) % known)


def _invitation(about: Parameters) -> Words:
    return Words(gettext("%(name)s wants to do something with you", name=about["name"]), about["title"])


def _answer(about: Parameters) -> Words:
    if about["accepted"]:
        return Words(gettext("%(name)s is in", name=about["name"]), about["title"])
    return Words(gettext("%(name)s cannot this time", name=about["name"]), about["title"])


def _change(about: Parameters) -> Words:
    if about["event"] == "withdrawn":
        return Words(
            gettext("%(name)s has called off what you had planned", name=about["name"]), about["title"]
        )
    day = about["day"]
    when = (
        format_date(date.fromisoformat(day), "EEEE d MMMM", rebase=False)
        if day
        else gettext("The day is not set")
    )
    said = gettext("%(name)s has moved what you do together", name=about["name"])
    return Words(said, f"{when} · {about['title']}")


def _cheer(about: Parameters) -> Words:
    others = about.get("others", 0)
    if others:
        return Words(
            gettext("%(name)s and %(num)d more gave you sparks", name=about["name"], num=others),
            about["title"],
        )
    return Words(gettext("%(name)s gave you a spark", name=about["name"]), about["title"])


def _moderation(about: Parameters) -> Words:
    titles = {
        "reported": gettext("Something to look at"),
        "answered": gettext("An author has answered"),
        "hidden": gettext("Your activity has been hidden"),
        "restored": gettext("Your activity is visible again"),
        "upheld": gettext("Your activity stays hidden"),
        "looked_at": gettext("We have looked at what you reported"),
    }
    next_steps = {
        "hidden": gettext("You can answer back."),
        "hide": gettext("It is hidden now."),
        "keep": gettext("We let it stand."),
    }
    next_step = next_steps.get(about["verdict"] or about["event"])
    said = " ".join(filter(None, (_reason(about["reason"]), about["text"], next_step)))
    body = " · ".join(filter(None, (about["title"], said)))
    return Words(titles.get(about["event"], titles["reported"]), body)


def _reason(reason: str) -> str:
    reasons = {
        "consent": gettext("Somebody in the picture has not agreed."),
        "personal_data": gettext("It tells too much about somebody."),
        "tone": gettext("The tone hurts somebody."),
        "off_topic": gettext("It does not belong here."),
    }
    return str(reasons.get(reason, ""))


def _test(_about: Parameters) -> Words:
    return Words(gettext("It works"), gettext("This is what a reminder from Eldsjäl looks like."))


def _local(text: Any) -> str:
    """The programme's text in the language that is forced; Swedish where it gives no other."""
    return str(text.get(str(get_locale())) or text.get("sv", "")) if isinstance(text, dict) else str(text)


_WORDING: Final[dict[Kind, Callable[[Parameters], Words]]] = {
    Kind.STAGE: _stage,
    Kind.INVITATION: _invitation,
    Kind.ANSWER: _answer,
    Kind.CHANGE: _change,
    Kind.CHEER: _cheer,
    Kind.MODERATION: _moderation,
    Kind.TEST: _test,
}
