"""A plan that takes on a challenge: what the form begins with, and what becomes of it when it is sent."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import abort, request

from app.blueprints.activities.forms import NewPlanForm
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.stage import Stage
from app.services.activities.begin import begin_activity
from app.services.challenges.offer import ChallengeOffer, challenge_offered, challenge_to_plan
from app.services.challenges.undertake import take_on
from app.services.challenges.visibility import visible_challenge
from app.web.catalogue import catalogue
from app.web.identity import viewer
from app.web.paging import row_number

#: The checklist as a sign that it worked, at most as long as the form's field.
_LONGEST_SIGN = 500


def offered_challenge() -> ChallengeOffer | None:
    """The challenge that the address names, for the blank form. None with `alone`, when it has closed and is planned
    without it."""
    if not _names_one():
        return None
    number = row_number(request.args["challenge"])
    return (number and challenge_offered(number, viewer())) or abort(404)


def asked_challenge() -> Challenge | None:
    """The same when a plan comes for it, also when it has been hidden meanwhile."""
    if not _names_one():
        return None
    number = row_number(request.args["challenge"])
    return (number and challenge_to_plan(number, viewer(), hidden_too=True)) or abort(404)


def _names_one() -> bool:
    return "challenge" in request.args and "alone" not in request.args


def shown_with(challenge: Challenge | ChallengeOffer | None) -> dict[str, Any]:
    """What the form's page says of it: what it promises, or that it has closed."""
    open_now = challenge is not None and not challenge.removal and challenge.is_open(catalogue().today())
    return {"challenge": challenge if open_now else None, "closed": None if open_now else challenge}


def begins_with(challenge: Challenge | ChallengeOffer) -> dict[str, Any]:
    """The form's data: everything but when, where and for whom."""
    signs = " ".join(f"{sign[:1].upper()}{sign[1:].rstrip('.')}." for sign in challenge.done_when)
    return {
        "title": challenge.title,
        "value": catalogue().values[challenge.value_id].slug,
        "focus_area": catalogue().focus_areas[challenge.focus_area_id].slug,
        "success_sign": signs[:_LONGEST_SIGN],
    }


def borrows_from_challenge() -> dict[str, Any]:
    """The same, of a challenge whose idea is borrowed without taking it on: it is for others, or has closed."""
    number = row_number(request.args.get("challenge")) if "alone" in request.args else None
    challenge = visible_challenge(number, viewer()) if number else None
    return begins_with(challenge) if challenge else {}


def plan_it(form: NewPlanForm, challenge: Challenge | None, stage: Stage, now: datetime) -> Activity:
    """What the valid form says, for the challenge if there is one. Raises ClosedChallengeError."""
    begin = partial(take_on, challenge) if challenge else begin_activity
    return begin(
        viewer(),
        form.plan(),
        form.meant.people,
        ties=form.ties,
        stage=stage,
        request_key=form.retry_key,
        now=now,
    )
