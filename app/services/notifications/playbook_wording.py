"""The text of the playbook's steps and of leads' own messages: placeholders, filled in for each reader (wording.py)."""

from collections import defaultdict
from datetime import date
from typing import Any

from flask_babel import format_decimal, gettext, ngettext
from flask_babel.speaklater import LazyString

from app.services.notifications.placeholders import filled_in, own_text
from app.services.notifications.plan_sentence import plan_sentence
from app.services.notifications.playbook import Step, step_named
from app.services.notifications.wording import (
    Parameters,
    Words,
    day_in_words,
    in_language,
    language_instead,
    time_of,
)


def step_of_playbook(parameters: Parameters) -> Words:
    step = step_named(parameters["step"])
    if parameters["taken_away"] and not step.url_with_lessons:
        return Words(gettext("It has since been taken away."), gettext("See what else there is to do."))
    values = _values(parameters)
    title = own_text(parameters["own_title"]) or str(step.title)
    body = own_text(parameters["own_body"]) or str(_body(step, parameters))
    return Words(filled_in(title, values).strip(), filled_in(body, values).strip())


def _body(step: Step, parameters: Parameters) -> LazyString:
    """“0 of 0” says nothing to anybody."""
    return step.unplanned if step.unplanned and not parameters["planned"] else step.body


def own_message(parameters: Parameters) -> Words:
    """What a lead has written, in the reader's language or else in Swedish."""
    title, body = in_language(parameters["own_title"]), in_language(parameters["own_body"])
    values, language = _values(parameters), language_instead(parameters["own_title"])
    return Words(filled_in(title, values).strip(), filled_in(body, values).strip(), language)


def _values(parameters: Parameters) -> Parameters:
    """What stands in the place of each placeholder."""
    values = defaultdict(str, {name: _said(name, value) for name, value in parameters.items()})
    values |= {
        "sentence": _sentence(parameters),
        "next": _what_follows(parameters),
        "lesson": _lesson(parameters),
    }
    return values


def _said(name: str, value: Any) -> Any:
    """A parameter, as the text says it."""
    match name:
        case "last_day":
            return day_in_words(value, "")
        case "quiet":
            return _quiet(value)
        case "waiting":
            return _waiting(value)
    if isinstance(value, float):
        return format_decimal(value, format="0.0")
    return in_language(value) if isinstance(value, dict) else value


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
    return plan_sentence(
        parameters["title"],
        day=date.fromisoformat(parameters["day"]),
        starts_at=time_of(parameters["time"]),
        place=parameters["where"],
        audience=parameters["audience"],
        sign=parameters["sign"],
    )


def _lesson(parameters: Parameters) -> str:
    if not parameters["lesson"] or parameters["taken_away"]:
        return ""
    return gettext("Begin with what we know: “%(lesson)s”.", lesson=parameters["lesson"])


def _what_follows(parameters: Parameters) -> str:
    if not parameters["next_day"]:
        return ""
    name, day = in_language(parameters["next_name"]), day_in_words(parameters["next_day"], "")
    return gettext("What comes next: %(name)s, from %(day)s.", name=name, day=day)


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
