"""What the pages of a lead's own messages show beside the form."""

from datetime import date, datetime
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _

from app import clock
from app.blueprints.admin.message_forms import MessageForm
from app.blueprints.admin.words_form import OTHER
from app.models.notification import Kind
from app.models.own_message import LONGEST_BODY, LONGEST_TITLE, OwnMessage
from app.models.person import LANGUAGES
from app.models.stage import Phase, Stage, stages
from app.services.notifications.placeholders import OF_STAGE
from app.services.notifications.wording import Words
from app.services.stages.audiences import counts
from app.services.stages.own_messages import choice_of, gone, sums_of, waiting
from app.services.stages.playbook_calendar import Calendar, Coming, Gone
from app.services.stages.send_messages import own_words_of
from app.services.stages.step_parameters import Previews
from app.web.catalogue import catalogue
from app.web.filters import clock_time, weekday

#: So many that have gone out stand in the calendar; the others are on a page of their own.
_LATEST: Final = 5


def form_context(stage: Stage, form: MessageForm) -> dict[str, Any]:
    """For the page of a new message, and of one that waits."""
    return preview_context(stage, form) | {
        "placeholders": OF_STAGE,
        "longest": (LONGEST_TITLE, LONGEST_BODY),
        "slots": [*form.next_slots, None],
        "other": OTHER,
    }


def preview_context(stage: Stage, form: MessageForm) -> dict[str, Any]:
    """How it looks, whom it reaches, and when, as far as the form says so."""
    now = clock.now()
    today = catalogue().today(now)
    counted, choice, due_at = counts(stage, today), form.choice, form.due_at
    titles, bodies = form.texts
    return {
        "stage": stage,
        "form": form,
        "today": today,
        "counts": counted,
        "reached": counted.of(choice) if choice else None,
        "due_at": due_at,
        "moment_words": moment_words,
        "announced_until": form.announced_until,
        "previews": _previews(stage, today, {"own_title": titles, "own_body": bodies}),
    }


def gone_context(stage: Stage, message: OwnMessage) -> dict[str, Any]:
    """For the page of one that has gone out or was taken back."""
    today = catalogue().today(clock.now())
    return {
        "stage": stage,
        "message": message,
        "sums": sums_of([message])[message.id],
        "today": today,
        "due_at": message.due_at,
        "announced_until": message.shown_until,
        "previews": _previews(stage, today, own_words_of(message)),
    }


class Line(NamedTuple):
    """A step or a message of the calendar, on its day; what has many days stands on today's."""

    day: date
    message: OwnMessage | None
    row: Coming | Gone | None


def calendar_context(stage: Stage, calendar: Calendar, today: date) -> dict[str, Any]:
    """For the stage's calendar: steps and messages in the order of their days. Of the messages that wait, how many each
    would reach today; of those that have gone out, the latest."""
    to_come, latest = waiting(stage), gone(stage, size=_LATEST)
    counted = counts(stage, today) if to_come else None
    coming = [*map(_line, to_come), *(Line(row.day or today, None, row) for row in calendar.coming)]
    past = [*map(_line, latest.items), *(Line(row.day, None, row) for row in calendar.gone)]
    return {
        "coming": sorted(coming, key=lambda line: line.day),
        "past": sorted(past, key=lambda line: line.day, reverse=True),
        "reached": {one.id: counted.of(choice_of(one)) for one in to_come} if counted else {},
        "has_more_messages": latest.has_more,
        "message_sums": sums_of(latest.items),
        "moment_words": moment_words,
        "takes_messages": takes_messages(stage),
    }


def _line(message: OwnMessage) -> Line:
    return Line(clock.local_date(message.due_at, catalogue().timezone), message, None)


def takes_messages(stage: Stage) -> bool:
    """Whether messages are written in it: it runs, is to come, or is the last that was."""
    today = catalogue().today(clock.now())
    current = catalogue().current_stage(today)
    return stage.phase(today) != Phase.ENDED or (current is not None and current.number == stage.number)


def moment_words(moment: datetime, today: date) -> str:
    """`i dag 13.30`, `i morgon 08.30`, `torsdag 12 nov 08.30`."""
    days = (clock.local_date(moment, catalogue().timezone) - today).days
    day = {0: _("today"), 1: _("tomorrow")}.get(days) or weekday(moment)
    return f"{day} {clock_time(moment)}"


def _previews(stage: Stage, today: date, own: dict[str, Any]) -> dict[str, Words]:
    """In Swedish, and in English where that is written; what is not written yet has a word in its place."""
    previews = Previews(stage, stages(), today)
    filled = {
        "own_title": {"sv": _("The heading")} | own["own_title"],
        "own_body": {"sv": _("The text")} | own["own_body"],
    }
    written = {"sv", *own["own_title"], *own["own_body"]}
    return {one: previews.own_words(Kind.MESSAGE, filled, one) for one in LANGUAGES if one in written}
