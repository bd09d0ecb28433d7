"""The text of each kind of notification, made when it is read, in the reader's language.

One function for each kind makes it from the parameters given to `notify`; the kind's row (kinds.py) names the function.
The reader's language is forced around the call, so plain `gettext` is right. `in_language` chooses among the languages
of a text from the programme file.
"""

from collections import defaultdict
from datetime import date, time
from typing import Any, Final, NamedTuple

from flask_babel import force_locale, get_locale, gettext, lazy_gettext, ngettext

from app.services.notifications.plan_sentence import day_words

Parameters = defaultdict[str, Any]

_l = lazy_gettext
_CHALLENGE_TITLES: Final = {
    "new": _l("A new challenge that fits you"),
    "approved": _l("Your challenge is completed"),
    "returned": _l("Your challenge came back with a question"),
    "waiting": _l("A challenge waits for your approval"),
}


class Words(NamedTuple):
    title: str
    body: str
    #: Of both, where that is not the reader's.
    language: str = ""


def words_of_several(count: int, newest: Words, language: str) -> Words:
    """One push instead of many: how many there are, and what the newest says."""
    with force_locale(language):
        return Words(ngettext("%(num)d new notification", "%(num)d new notifications", count), newest.title)


def invitation(parameters: Parameters) -> Words:
    title = gettext("It has since been taken away.") if parameters["taken_away"] else parameters["title"]
    return Words(gettext("%(name)s wants to do something with you", name=parameters["name"]), title)


def answer_to_invitation(parameters: Parameters) -> Words:
    name, title = parameters["name"], parameters["title"]
    if parameters["accepted"]:
        return Words(gettext("%(name)s is in", name=name), title)
    return Words(gettext("%(name)s cannot this time", name=name), title)


def change_of_plan(parameters: Parameters) -> Words:
    name, title = parameters["name"], parameters["title"]
    if parameters["event"] == "withdrawn":
        return Words(gettext("%(name)s has called off what you had planned", name=name), title)
    if parameters["event"] == "left":
        return Words(gettext("%(name)s has left the challenge that you took on together", name=name), title)
    heading = gettext("%(name)s has moved what you do together", name=name)
    return Words(heading, f"{day_in_words(parameters['day'], parameters['time'])} · {title}")


def day_in_words(day: str, time_of_day: str) -> str:
    """From parameters, which hold both as ISO texts; either may be empty."""
    return day_words(date.fromisoformat(day), time_of(time_of_day)) if day else gettext("The day is not set")


def time_of(time_of_day: str) -> time | None:
    return time.fromisoformat(time_of_day) if time_of_day else None


def spark(parameters: Parameters) -> Words:
    name, title, others = parameters["name"], parameters["title"], parameters["others"]
    if parameters["kind"] == "tip" and parameters["cheer"] in ("", "spark"):
        return Words(_helped_by_tip(name, others), title)
    return Words(_cheered(parameters["cheer"], name, others), title)


def _cheered(how: str, name: str, others: int) -> str:
    """`how` is the kind of all, or `several`; empty from before there were kinds, when all were sparks."""
    if others:
        return _cheered_by_several(how, name, others)
    match how:
        case "hat":
            return gettext("%(name)s takes their hat off to you", name=name)
        case "fika":
            return gettext("%(name)s says: coffee on that", name=name)
    return gettext("%(name)s gave you a spark", name=name)


def _cheered_by_several(how: str, name: str, others: int) -> str:
    match how:
        case "hat":
            return gettext("%(name)s and %(num)d more take their hats off to you", name=name, num=others)
        case "fika":
            return gettext("%(name)s and %(num)d more say: coffee on that", name=name, num=others)
        case "several":
            return gettext("%(name)s and %(num)d more cheer for you", name=name, num=others)
    return gettext("%(name)s and %(num)d more gave you sparks", name=name, num=others)


def thanks(parameters: Parameters) -> Words:
    name, others = parameters["name"], parameters["others"]
    body = gettext("It has since been taken away.") if parameters["taken_away"] else parameters["title"]
    if others:
        return Words(gettext("%(name)s and %(num)d more thank you", name=name, num=others), body)
    return Words(gettext("%(name)s thanks you", name=name), body)


def comment(parameters: Parameters) -> Words:
    name, others = parameters["name"], parameters["others"]
    body = gettext("It has since been taken away.") if parameters["taken_away"] else parameters["title"]
    match parameters["event"]:
        case "mentioned" if place := parameters["place"]:
            return Words(gettext("%(name)s mentions %(place)s", name=name, place=place), body)
        case "mentioned":
            return Words(gettext("%(name)s mentions you", name=name), body)
        case "answered" if others:
            return Words(gettext("%(name)s and %(num)d more have answered you", name=name, num=others), body)
        case "answered":
            return Words(gettext("%(name)s has answered you", name=name), body)
    if others:
        return Words(gettext("%(name)s and %(num)d more have commented", name=name, num=others), body)
    return Words(gettext("%(name)s has commented", name=name), body)


def idea(parameters: Parameters) -> Words:
    if parameters["event"] == "best_practice":
        body = f"{parameters['title']} · {parameters['sentence']}"
        return Words(gettext("What you did has become a best practice"), body)
    who = {"name": parameters["name"], "place": parameters["place"]}
    if others := parameters["others"]:
        words = gettext("%(name)s in %(place)s and %(num)d more borrow your idea", **who, num=others)
    else:
        words = gettext("%(name)s in %(place)s borrows your idea", **who)
    return Words(words, parameters["title"])


def _helped_by_tip(name: str, others: int) -> str:
    if others:
        return gettext("Your tip helped %(name)s and %(num)d more", name=name, num=others)
    return gettext("Your tip helped %(name)s", name=name)


def heeded_tip(parameters: Parameters) -> Words:
    name, title, others = parameters["name"], parameters["title"], parameters["others"]
    if parameters["event"] == "edited":
        return Words(gettext("%(name)s has edited your lesson: read it before others do", name=name), title)
    if others:
        heading = ngettext(
            "%(name)s and %(num)d more plan take your tip into account",
            "%(name)s and %(num)d more plans take your tip into account",
            others,
            name=name,
        )
        return Words(heading, title)
    return Words(gettext("%(name)s takes your tip into account", name=name), title)


def challenge(parameters: Parameters) -> Words:
    title = gettext("It has since been taken away.") if parameters["taken_away"] else parameters["title"]
    others = parameters["others"]
    more = ngettext("and %(num)d more", "and %(num)d more", others) if others else ""
    about = " ".join(filter(None, (title, more)))
    return Words(
        str(_CHALLENGE_TITLES[parameters["event"]]), " · ".join(filter(None, (about, parameters["text"])))
    )


def badge(parameters: Parameters) -> Words:
    name = in_language(parameters["name"])
    return Words(gettext("New badge: %(name)s", name=name), in_language(parameters["words"]))


def question_about_points(parameters: Parameters) -> Words:
    if parameters["event"] == "answered":
        return Words(gettext("Your question about points has an answer"), parameters["text"])
    return Words(gettext("%(name)s asks about points", name=parameters["name"]), parameters["text"])


def trial(parameters: Parameters) -> Words:
    """Without parameters, whether pushes arrive at all; with them, a text as it was when it was tried."""
    if title := in_language(parameters["title"]):
        return Words(gettext("Trial: %(title)s", title=title), in_language(parameters["body"]))
    return Words(gettext("It works"), gettext("This is what a reminder from Eldsjäl looks like."))


def in_language(text: Any) -> str:
    """The programme's text in the forced language, or in Swedish where the file has no other."""
    return str(text.get(str(get_locale())) or text.get("sv", "")) if isinstance(text, dict) else str(text)


def language_instead(text: Any) -> str:
    """Of what `in_language` gives, where that is not the forced one."""
    return "sv" if isinstance(text, dict) and not text.get(str(get_locale())) else ""
