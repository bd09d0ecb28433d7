"""Challenges made as rows, and what people do with them through the services."""

from datetime import timedelta
from itertools import count
from typing import Any

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge, ChallengeKind
from app.models.person import Person
from app.models.search import SearchKind
from app.models.undertaking import Undertaking
from app.services.activities.visibility import whole_activity
from app.services.challenges.undertake import take_on
from app.services.search import index as search_index
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
    activity = take_on(challenge, person, make_plan(**over), stage=stage(), request_key=key, now=now)
    db.session.commit()
    return whole(activity.id)


def complete(activity: Activity, **over: Any) -> None:
    """Reported with everything ticked; keywords replace the report's answers."""
    make_outcome(activity, **{"ticked": (0, 1)} | over)


def undertaking_of(activity: Activity) -> Undertaking:
    """As the database has it now."""
    return db.session.get_one(Undertaking, activity.id, populate_existing=True)


def whole(activity_id: int) -> Activity:
    loaded = whole_activity(activity_id)
    assert loaded
    return loaded
