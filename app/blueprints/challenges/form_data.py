"""What the form of a challenge is filled in with."""

from datetime import date, timedelta
from typing import Any

from app.models.challenge import Challenge
from app.models.challenge_template import ChallengeTemplate
from app.web.catalogue import catalogue
from app.web.seen import seen_of


def data_of(challenge: Challenge) -> dict[str, Any]:
    """For changing it."""
    place = catalogue().municipalities.get(challenge.municipality_id or 0)
    return _words_of(challenge) | {
        "opens_on": challenge.opens_on,
        "closes_on": challenge.closes_on,
        "municipality": place.slug if place else "",
        "seen": seen_of(challenge),
    }


def data_of_new(template: ChallengeTemplate | None, today: date) -> dict[str, Any]:
    """For making one, perhaps from a template: from today, or from when the next stage begins to act, until it begins
    to learn."""
    stage = catalogue().counting_stage(today)
    words = _words_of(template) if template else {}
    if stage is None:
        return words
    begins = max(today, stage.activate_on)
    learns = stage.learn_on - timedelta(days=1)
    ends = learns if learns >= begins else stage.end_on - timedelta(days=1)
    return words | {"opens_on": begins, "closes_on": max(begins, ends)}


def _words_of(model: Challenge | ChallengeTemplate) -> dict[str, Any]:
    value = catalogue().values.get(model.value_id or 0)
    area = catalogue().focus_areas.get(model.focus_area_id or 0)
    return {
        "title": model.title,
        "why": model.why,
        "value": value.slug if value else None,
        "focus_area": area.slug if area else None,
        "kind": model.kind_of_challenge,
        "goal": model.goal,
        "done_when": "\n".join(model.done_when),
        "points": model.points,
        "needs_photo": model.needs_photo,
        "needs_approval": model.needs_approval,
    }
