"""Challenges made as rows or through the services, and what people do with them."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge, ChallengeKind
from app.models.outcome import Photo
from app.models.person import Person
from app.models.search import SearchKind
from app.models.undertaking import ChallengeProgress, Undertaking
from app.services.activities.visibility import whole_activity
from app.services.challenges import make, undertake
from app.services.challenges.visibility import whole_challenges
from app.services.search import index as search_index
from app.services.sums.settle import settle
from tests.factories import NOW, TODAY, focus_area, make_outcome, make_plan, stage, value

_numbers = count(1)

DONE_WHEN = ["Någon från en annan kommun har varit hos er", "Ni har bestämt nästa steg ihop"]


def make_challenge(**over: Any) -> Challenge:
    """Open to all for a fortnight around NOW, with two things to tick and 40 points; keywords replace columns."""
    columns: dict[str, Any] = {
        "slug": f"utmaning-{next(_numbers)}", "stage": stage(), "value": value(), "focus_area": focus_area("oppenhet"),
        "kind_of_challenge": ChallengeKind.INDIVIDUAL.value, "title": "Bjud in en granne som aldrig varit hos er",
        "why": "Öppna dörren till ett fikabord.", "done_when": DONE_WHEN, "points": 40,
        "opens_on": TODAY - timedelta(days=7), "closes_on": TODAY + timedelta(days=7),
        "created_at": NOW, "changed_at": NOW, "opened_at": NOW - timedelta(days=7),
    }  # fmt: skip
    challenge = Challenge(**columns | over)
    db.session.add(challenge)
    db.session.flush()
    search_index.refresh(SearchKind.CHALLENGE, [challenge.id])
    db.session.commit()
    return challenge


def make_undertaking(person: Person, challenge: Challenge, **over: Any) -> Activity:
    """Taken on by `person` through the service at NOW, committed, all relations loaded; keywords replace answers."""
    key, now = over.pop("request_key", f"undertaking-{next(_numbers)}"), over.pop("now", NOW)
    plan = make_plan(**over)
    activity = undertake.take_on(challenge, person, plan, stage=stage(), request_key=key, now=now)
    db.session.commit()
    return whole(activity.id)


def complete(activity: Activity, **over: Any) -> None:
    """Reported with everything ticked; keywords replace the report's answers."""
    make_outcome(activity, **{"ticked": (0, 1)} | over)


def make_photo(activity: Activity, at: datetime = NOW) -> None:
    """A picture of it, prepared, as a row alone."""
    key = f"bild-{next(_numbers)}"
    sizes = {size: [400, 300] for size in ("s", "m", "l")}
    photo = Photo(
        activity_id=activity.id, by_id=activity.owner_id, at=at, key=key, sha256=key, width=400, height=300
    )
    photo.sizes = sizes
    db.session.add(photo)
    settle(activity, at)
    db.session.commit()


def undertaking_of(activity: Activity) -> Undertaking:
    """As the database has it now."""
    return db.session.get_one(Undertaking, activity.id, populate_existing=True)


def whole(activity_id: int) -> Activity:
    loaded = whole_activity(activity_id)
    assert loaded
    return loaded


def content(**over: Any) -> make.Content:
    """Open for everybody from a month ago until in three weeks; keywords replace single answers."""
    answers: dict[str, Any] = {
        "stage_id": stage().id, "municipality_id": None, "value_id": value().id, "focus_area_id": focus_area().id,
        "kind_of_challenge": "individual", "title": "Bjud in en granne", "why": "Öppna dörren till ett fikabord.",
        "done_when": ["någon har varit hos er", "du har delat en lärdom"], "points": 40, "goal": None,
        "needs_photo": False, "needs_approval": False, "opens_on": TODAY - timedelta(days=30),
        "closes_on": TODAY + timedelta(days=19),
    }  # fmt: skip
    return make.Content(**answers | over)


def make_draft(by: Person, **over: Any) -> Challenge:
    """Made by that person through the service, committed, with all that its page shows."""
    key = over.pop("request_key", f"challenge-{next(_numbers)}")
    number = make.make_challenge(by, content(**over), request_key=key, now=NOW).id
    db.session.commit()
    (challenge,) = whole_challenges([number])
    return challenge


def make_open(by: Person, **over: Any) -> Challenge:
    """The same, opened on its first day."""
    challenge = make_draft(by, **over)
    make.open_challenge(challenge, by=by, now=NOW, today=challenge.opens_on)
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
