"""The one address shows what is right by now: the question, what was answered, the thanks, or that it is over."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from flask import Response, make_response, render_template, request

from app import clock
from app.blueprints.closeout.bearer import close_token
from app.blueprints.closeout.forms import LONGEST_SENTENCE, DayForm, DoneForm, NotDoneForm
from app.models.close_out import Choice
from app.models.notification import Kind
from app.services.activities.close_out import Question, answered_by_another
from app.services.activities.close_out_days import DaysLeft, DayToMoveTo, days_left, days_to_move_to
from app.services.activities.close_out_undo import may_be_undone
from app.services.notifications.kinds import is_muted
from app.services.points.closing import counting_stage, policy_of
from app.services.points.reward import reward_of
from app.web.limited import limited_sentence


def page_of(question: Question | None, token: str, status: int = 200, **more: Any) -> Response:
    """`more` is a form that came back, or `no_day_left`."""
    if question is None:
        return _nothing_to_answer()
    now = clock.now()
    template, context = _page(question, now, came_back="form" in more)
    context |= {"question": question, "activity": question.activity, "token": token}
    context |= {**_of_an_answer(question, now), **more}
    return make_response(render_template(f"closeout/{template}.html", **context), status)


def page_for_limited(question: Question, until: datetime) -> Response:
    """Whoever may not write is not asked."""
    sentence = limited_sentence(until)
    context = {"question": question, "activity": question.activity, "sentence": sentence}
    page = render_template("closeout/limited.html", **context)
    return make_response(page)


def _nothing_to_answer() -> Response:
    """What another one has answered, or that the address is over. A tap that came second is a conflict, so that a push
    does not say that it is done but leads here."""
    answered, now = answered_by_another(close_token()), clock.now()
    if answered is None:
        return make_response(render_template("closeout/old.html"), 410)
    activity = answered.activity
    page = render_template(
        "closeout/answered.html",
        question=answered,
        activity=activity,
        points=reward_of(activity, answered.person, now).points if activity.outcome else 0,
    )
    return make_response(page, 409 if request.method == "POST" else 200)


def offered_days(question: Question, now: datetime) -> tuple[list[DayToMoveTo], DaysLeft]:
    """Of what has been moved: the days that it may be moved to instead, and between which any other."""
    activity = question.activity
    moved_to = question.answer.moved_to if question.answer and question.answer.moved_to else question.day
    return days_to_move_to(activity, question.day, moved_to, now), days_left(activity, now)


def _page(question: Question, now: datetime, *, came_back: bool) -> tuple[str, dict[str, Any]]:
    if question.answer is None:
        return "open", _open(question, now)
    if question.answer.told_at and not came_back:
        return "thanks", {"has_sentence": any(True for _tip in question.activity.lessons)}
    context: Callable[[Question, datetime], dict[str, Any]] = _CONTEXTS[Choice(question.answer.choice)]
    return question.answer.choice, context(question, now)


def _open(question: Question, now: datetime) -> dict[str, Any]:
    """The answer that the address carries stands first; it takes a tap all the same, for mail filters open links."""
    choices = [choice for choice in Choice if choice is not Choice.MOVED or days_left(question.activity, now)]
    first = request.args.get("choice")
    return {"choices": sorted(choices, key=lambda choice: choice != first), "no_day_left": False}


def _done(question: Question, now: datetime) -> dict[str, Any]:
    return {"form": DoneForm(formdata=None), **_of_a_sentence(question, "success", now)}


def _not_done(question: Question, now: datetime) -> dict[str, Any]:
    may_move = bool(days_left(question.activity, now))
    return {
        "form": NotDoneForm(formdata=None),
        "may_move": may_move,
        **_of_a_sentence(question, "pitfall", now),
    }


def _moved(question: Question, now: datetime) -> dict[str, Any]:
    days, left = offered_days(question, now)
    form = DayForm(formdata=None, data={"day": days[0].day.isoformat()})
    form.offer(days, left)
    return {
        "form": form,
        "days": days,
        "left": left,
        "no_day_left": not left,
        "asks_again": not is_muted(Kind.CLOSE_OUT, question.person.muted_groups),
    }


_CONTEXTS: Final = {Choice.DONE: _done, Choice.NOT: _not_done, Choice.MOVED: _moved}


def _of_a_sentence(question: Question, reason: str, now: datetime) -> dict[str, Any]:
    """What a sentence brings, by the policy of the stage in which it counts; the programme office earns nothing."""
    policy = policy_of(counting_stage(question.activity.stage, now))
    earns = 0 if question.person.is_office else policy.get(reason, {}).get("points", 0)
    return {"points": earns, "longest": LONGEST_SENTENCE}


def _of_an_answer(question: Question, now: datetime) -> dict[str, Any]:
    if question.answer is None:
        return {}
    return {
        "may_undo": may_be_undone(question.answer, now),
        "reward": reward_of(question.activity, question.person, now) if question.activity.outcome else None,
    }
