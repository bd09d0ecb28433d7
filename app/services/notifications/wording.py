"""The text of each kind of notification, made when it is read, in the reader's language.

One function for each kind makes it from the parameters given to `notify`; the kind's row (kinds.py) names the function.
The reader's language is forced around the call, so plain `gettext` is right. `_in_language` chooses among the languages
of a text from the programme file.
"""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from flask_babel import force_locale, format_date, format_decimal, get_locale, gettext, ngettext

from app.services.notifications.placeholders import filled_in, own_text
from app.services.notifications.playbook import step_named

Parameters = defaultdict[str, Any]


class Words(NamedTuple):
    title: str
    body: str


def words_of_several(count: int, newest: Words, language: str) -> Words:
    """One push instead of many: how many there are, and what the newest says."""
    with force_locale(language):
        return Words(ngettext("%(num)d new notification", "%(num)d new notifications", count), newest.title)


def step_of_playbook(parameters: Parameters) -> Words:
    if parameters["taken_away"]:
        return Words(gettext("It has since been taken away."), gettext("See what else there is to do."))
    step, values = step_named(parameters["step"]), _values(parameters)
    title = own_text(parameters["own_title"]) or str(step.title)
    body = own_text(parameters["own_body"]) or str(step.body)
    return Words(filled_in(title, values).strip(), filled_in(body, values).strip())


def own_message(parameters: Parameters) -> Words:
    """What a lead has written, in the reader's language or else in Swedish."""
    title, body = _in_language(parameters["own_title"]), _in_language(parameters["own_body"])
    values = _values(parameters)
    return Words(filled_in(title, values).strip(), filled_in(body, values).strip())


def _values(parameters: Parameters) -> Parameters:
    """What stands in the place of each placeholder."""
    values = defaultdict(str, {name: _said(name, value) for name, value in parameters.items()})
    values |= {"sentence": _sentence(parameters), "next": _what_follows(parameters)}
    return values


def _said(name: str, value: Any) -> Any:
    """A parameter, as the text says it."""
    match name:
        case "last_day":
            return _day(value, "")
        case "quiet":
            return _quiet(value)
        case "waiting":
            return _waiting(value)
    if isinstance(value, float):
        return format_decimal(value, format="0.0")
    return _in_language(value) if isinstance(value, dict) else value


def _quiet(count: int | None) -> str:
    if not count:
        return ""
    return ngettext("%(num)d is still quiet.", "%(num)d are still quiet.", count)


def _waiting(count: int) -> str:
    if not count:
        return gettext("Nothing waits for you.")
    return ngettext("%(num)d thing waits for you.", "%(num)d things wait for you.", count)


def _sentence(parameters: Parameters) -> str:
    if not parameters["day"]:
        return ""
    day = _day(parameters["day"], parameters["time"])
    return plan_sentence(
        day, parameters["title"], parameters["where"], parameters["audience"], parameters["sign"]
    )


def plan_sentence(day: str, title: str, where: str, audience: str, sign: str) -> str:
    """A plan read back: a cue that is concrete and rehearsed is acted upon. Only `title` is not empty for sure."""
    cue = ", ".join(filter(None, (day, where)))
    what = gettext("%(title)s, for %(audience)s", title=title, audience=audience) if audience else title
    told_by = gettext("You will know by this: %(sign)s", sign=sign) if sign else ""
    doing = f"{cue[:1].upper()}{cue[1:]}: {what}" if cue else what
    return f"{doing.rstrip('.')}. {told_by}".strip()


def _what_follows(parameters: Parameters) -> str:
    if not parameters["next_day"]:
        return ""
    name, day = _in_language(parameters["next_name"]), _day(parameters["next_day"], "")
    return gettext("What comes next: %(name)s, from %(day)s.", name=name, day=day)


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
    return Words(heading, f"{_day(parameters['day'], parameters['time'])} · {title}")


def _day(day: str, time_of_day: str) -> str:
    if not day:
        return gettext("The day is not set")
    words = format_date(date.fromisoformat(day), "EEEE d MMMM", rebase=False)
    return " ".join(filter(None, (words, _clock(time_of_day))))


def _clock(time_of_day: str) -> str:
    """`14.30` in Swedish, `14:30` in English; it is given as `14:30`."""
    return time_of_day.replace(":", ".") if str(get_locale()) == "sv" else time_of_day


def spark(parameters: Parameters) -> Words:
    name, title, others = parameters["name"], parameters["title"], parameters["others"]
    if parameters["kind"] == "tip":
        return Words(_helped_by_tip(name, others), title)
    if others:
        return Words(gettext("%(name)s and %(num)d more gave you sparks", name=name, num=others), title)
    return Words(gettext("%(name)s gave you a spark", name=name), title)


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
    titles = {
        "new": gettext("A new challenge that fits you"),
        "approved": gettext("Your challenge is completed"),
        "returned": gettext("Your challenge came back with a question"),
        "waiting": gettext("A challenge waits for your approval"),
    }
    others = parameters["others"]
    more = ngettext("and %(num)d more", "and %(num)d more", others) if others else ""
    about = " ".join(filter(None, (title, more)))
    return Words(titles[parameters["event"]], " · ".join(filter(None, (about, parameters["text"]))))


def badge(parameters: Parameters) -> Words:
    name = _in_language(parameters["name"])
    return Words(gettext("New badge: %(name)s", name=name), _in_language(parameters["words"]))


def question_about_points(parameters: Parameters) -> Words:
    if parameters["event"] == "answered":
        return Words(gettext("Your question about points has an answer"), parameters["text"])
    return Words(gettext("%(name)s asks about points", name=parameters["name"]), parameters["text"])


def trial(parameters: Parameters) -> Words:
    """Without parameters, whether pushes arrive at all; with them, a text as it was when it was tried."""
    if title := _in_language(parameters["title"]):
        return Words(gettext("Trial: %(title)s", title=title), _in_language(parameters["body"]))
    return Words(gettext("It works"), gettext("This is what a reminder from Eldsjäl looks like."))


def _in_language(text: Any) -> str:
    """The programme's text in the forced language, or in Swedish where the file has no other."""
    return str(text.get(str(get_locale())) or text.get("sv", "")) if isinstance(text, dict) else str(text)


def survey(parameters: Parameters) -> Words:
    match parameters["event"]:
        case "words":
            return Words(
                gettext("Read the words of the survey"),
                gettext("Nothing is shown before you have. After a week it is released as it is."),
            )
        case "stuck":
            return Words(
                gettext("The survey cannot be closed"),
                gettext(
                    "Nothing is lost, and it is tried again every minute. If it takes longer than an hour, ask whoever "
                    "runs the server: the log says why."
                ),
            )
        case "key":
            return Words(
                gettext("The survey is paused"),
                gettext("Its key is missing on the server. Nothing is lost; ask whoever runs it."),
            )
        case event:
            return step_of_playbook(defaultdict(str, {**parameters, "step": f"survey-{event}"}))
