"""Pin a challenge on top of the feed until a day, and end that before."""

from flask import abort
from werkzeug.wrappers import Response

from app.blueprints.challenges import blueprint
from app.blueprints.challenges.page import page_of
from app.models.challenge import Challenge
from app.models.person import Role
from app.services.challenges.visibility import visible_challenge
from app.web import pinning
from app.web.access import role
from app.web.brake import braked
from app.web.htmx import go_to
from app.web.identity import viewer


@blueprint.post("/challenges/<int:challenge_id>/pin")
@role(Role.COORDINATOR, Role.LEAD)
@braked(4, form=True)
def pin_up(challenge_id: int) -> Response:
    form = pinning.PinForm()
    if not pinning.pin_up(_shown(challenge_id), form):
        return page_of(_shown(challenge_id), 422, pin_form=form)
    return go_to("challenges.show", challenge_id=challenge_id)


@blueprint.post("/challenges/<int:challenge_id>/pin/withdrawal")
@role(Role.COORDINATOR, Role.LEAD)
@braked(1)
def pin_down(challenge_id: int) -> Response:
    pinning.pin_down(_shown(challenge_id))
    return go_to("challenges.show", challenge_id=challenge_id)


def _shown(challenge_id: int) -> Challenge:
    challenge = visible_challenge(challenge_id, viewer())
    if challenge is None or challenge.is_draft or challenge.removal:
        abort(404)
    return challenge
