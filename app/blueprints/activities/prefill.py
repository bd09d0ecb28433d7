"""What the form of a new plan begins with: a challenge, somebody's activity, or what the address says."""

from typing import Any

from flask import request

from app.blueprints.activities.challenge_plan import begins_with, borrows_from_challenge
from app.blueprints.activities.forms import LONGEST_TITLE, like
from app.services.activities.adoption import is_borrowable
from app.services.activities.visibility import model_of_plan
from app.services.challenges.offer import ChallengeOffer
from app.text import one_line
from app.web.identity import viewer
from app.web.paging import row_number


def prefill(challenge: ChallengeOffer | None) -> dict[str, Any]:
    """The form's data from the address. A value or focus area that no longer exists chooses nothing."""
    if challenge:
        return begins_with(challenge)
    model = model_of_plan(row_number(request.args.get("like")), viewer())
    choices = {key: request.args[key] for key in ("value", "focus_area") if key in request.args}
    if "title" in request.args:
        choices["title"] = one_line(request.args["title"])[:LONGEST_TITLE]
    tie = {"borrowed_from": str(model.id)} if model and is_borrowable(model, viewer()) else {}
    boxes = {name: request.args.getlist(name) for name in ("heed", "alike")}
    return (like(model) if model else borrows_from_challenge()) | tie | choices | boxes
