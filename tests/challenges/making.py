"""Challenges, and what has been taken on, as the tests need them."""

from datetime import timedelta
from itertools import count
from typing import Any

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.person import Person
from app.models.undertaking import ChallengeProgress, Undertaking
from app.services.challenges.make import Content, make_challenge, open_challenge
from app.services.challenges.visibility import whole_challenges
from tests.factories import NOW, TODAY, focus_area, stage, value

_numbers = count(1)


def content(**over: Any) -> Content:
    """Open for everybody from a month ago until in three weeks; keywords replace single answers."""
    answers: dict[str, Any] = {
        "stage_id": stage().id, "municipality_id": None, "value_id": value().id, "focus_area_id": focus_area().id,
        "kind_of_challenge": "individual", "title": "Bjud in en granne", "why": "Öppna dörren till ett fikabord.",
        "done_when": ["någon har varit hos er", "du har delat en lärdom"], "points": 40, "goal": None,
        "needs_photo": False, "needs_approval": False, "opens_on": TODAY - timedelta(days=30),
        "closes_on": TODAY + timedelta(days=19),
    }  # fmt: skip
    return Content(**answers | over)


def make_draft(by: Person, **over: Any) -> Challenge:
    """Made by that person through the service, committed, with all that its page shows."""
    key = over.pop("request_key", f"challenge-{next(_numbers)}")
    number = make_challenge(by, content(**over), request_key=key, now=NOW).id
    db.session.commit()
    (challenge,) = whole_challenges([number])
    return challenge


def make_open(by: Person, **over: Any) -> Challenge:
    """The same, opened on its first day."""
    challenge = make_draft(by, **over)
    open_challenge(challenge, by=by, now=NOW, today=challenge.opens_on)
    db.session.commit()
    (challenge,) = whole_challenges([challenge.id])
    return challenge


def take_on(challenge: Challenge, activity: Activity, *, completed: bool = False) -> Undertaking:
    """The activity takes it on, and is counted where its owner is."""
    undertaking = Undertaking(
        activity_id=activity.id, challenge_id=challenge.id, at=NOW, points=challenge.points,
        kind_of_challenge=challenge.kind_of_challenge, done_when=challenge.done_when,
        needs_photo=challenge.needs_photo, needs_approval=challenge.needs_approval, closes_on=challenge.closes_on,
        ticked=[], approved=None, is_counted=completed,
    )  # fmt: skip
    db.session.add(undertaking)
    key = (challenge.id, activity.municipality_id)
    progress = db.session.get(ChallengeProgress, key)
    if progress is None:
        progress = ChallengeProgress(challenge_id=key[0], municipality_id=key[1], taken_on=0, completed=0)
        db.session.add(progress)
    progress.taken_on += 1
    progress.completed += completed
    db.session.commit()
    return undertaking
