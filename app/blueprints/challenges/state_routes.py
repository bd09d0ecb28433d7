"""Open a challenge, close it, and take it back before anybody has it. Each action is a noun under the challenge."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.challenges import blueprint
from app.extensions import db
from app.models.challenge import Challenge
from app.models.person import Role
from app.services.challenges.make import (
    GoneError,
    TakenOnError,
    close_challenge,
    make_draft_again,
    open_challenge,
    withdraw_challenge,
)
from app.services.challenges.visibility import changeable_challenge, withdrawable_challenge
from app.web.access import role
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.htmx import go_to
from app.web.identity import viewer


@blueprint.post("/challenges/<int:challenge_id>/opening")
@role(Role.LEAD, Role.COORDINATOR)
@braked(4)
def open_it(challenge_id: int) -> Response:
    challenge, now = _changeable(challenge_id), clock.now()
    if challenge.closes_on < catalogue().today(now):
        flash(_("Its last day has passed. Give it a new one first."), "error")
        return go_to("challenges.edit", challenge_id=challenge_id)
    act = partial(open_challenge, challenge, by=viewer(), now=now, today=catalogue().today(now))
    return _done(act, challenge_id, _("Open. It is in the feed now."))


@blueprint.post("/challenges/<int:challenge_id>/closing")
@role(Role.LEAD, Role.COORDINATOR)
@braked(2)
def close_it(challenge_id: int) -> Response:
    act = partial(close_challenge, _changeable(challenge_id), by=viewer(), now=clock.now())
    return _done(act, challenge_id, _("Closed. Those who have taken it on may complete it."))


@blueprint.post("/challenges/<int:challenge_id>/draft")
@role(Role.LEAD, Role.COORDINATOR)
@braked(2)
def make_draft(challenge_id: int) -> Response:
    act = partial(make_draft_again, _changeable(challenge_id), now=clock.now())
    return _done(act, challenge_id, _("It is a draft again, and only you who make challenges see it."))


@blueprint.post("/challenges/<int:challenge_id>/withdrawal")
@role(Role.LEAD, Role.COORDINATOR)
@braked(2)
def withdraw(challenge_id: int) -> Response:
    challenge = withdrawable_challenge(challenge_id, viewer()) or abort(404)
    act = partial(withdraw_challenge, challenge, by=viewer(), now=clock.now())
    return _done(act, challenge_id, _("The draft is taken away."), to="challenges.index")


def _changeable(challenge_id: int) -> Challenge:
    return changeable_challenge(challenge_id, viewer()) or abort(404)


def _done(act: Callable[[], Any], challenge_id: int, words: str, to: str = "challenges.show") -> Response:
    """Do it, say so, and show where it can be seen; or say why not."""
    try:
        act()
    except GoneError:
        db.session.rollback()
        flash(_("It has been changed in the meantime."), "error")
        return go_to("challenges.index")
    except TakenOnError:
        db.session.rollback()
        flash(_("Somebody has taken it on, so it stays. You can close it."), "error")
        return go_to("challenges.show", challenge_id=challenge_id)
    db.session.commit()
    flash(words)
    return go_to(to) if to == "challenges.index" else go_to(to, challenge_id=challenge_id)
