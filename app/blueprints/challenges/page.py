"""The page of one challenge."""

from typing import Any

from flask import make_response, render_template
from werkzeug.wrappers import Response

from app import clock
from app.models.challenge import Challenge
from app.models.person import Person
from app.services.activities.lessons import TipFilter, peer_tips
from app.services.activities.peer_tips import PeerTip
from app.services.challenges.make import taken_on_by_how_many
from app.services.challenges.progress import steps_of, undertakings_of
from app.services.challenges.undertake import my_undertaking
from app.web.catalogue import catalogue
from app.web.conversation import talk_about
from app.web.identity import viewer
from app.web.pinning import pinning_on_page


def page_of(challenge: Challenge, status: int = 200, **forms: Any) -> Response:
    """`forms` are those with errors."""
    context = _context(challenge, viewer()) | forms
    return make_response(render_template("challenges/show.html", **context), status)


def _context(challenge: Challenge, person: Person) -> dict[str, Any]:
    today, page = catalogue().today(clock.now()), undertakings_of(challenge)
    steps = steps_of(challenge, person.municipality_id)
    mine = my_undertaking(challenge, person)
    may_change = challenge.may_be_changed_by(person) and challenge.removal is None
    is_shown = not challenge.is_draft and challenge.removal is None
    return {
        "challenge": challenge,
        "today": today,
        "own": challenge.is_owned_by(person),
        "may_change": may_change,
        "may_take_on": challenge.is_open(today) and challenge.removal is None and mine.is_for_me,
        "mine": mine,
        "is_taken_on": bool(may_change and taken_on_by_how_many(challenge)),
        "steps": steps,
        "own_place": person.municipality_id,
        "places_with": sum(1 for step in steps if step.has_begun),
        "undertakings": page.items,
        "last": page.last,
        "tip": _good_tip(challenge, person),
        "talk": talk_about(challenge) if is_shown else None,
        **pinning_on_page(challenge, person, is_shown=is_shown),
    }


def _good_tip(challenge: Challenge, reader: Person) -> PeerTip | None:
    sought = TipFilter(focus_area_id=challenge.focus_area_id, value_id=challenge.value_id)
    return next(iter(peer_tips(sought, reader).tips), None)
